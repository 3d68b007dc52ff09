public import CInterlock
import Interlock
import InterlockCore

@_cdecl("interlock_audit_read") @implementation
public func interlock_audit_read(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.audit.read(request)
  }
}

@_cdecl("interlock_audit_export") @implementation
public func interlock_audit_export(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_lines: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_lines, out_error, output: "out_lines") {
    (engine, request) throws(EngineError) in try engine.audit.export(request)
  }
}

@_cdecl("interlock_audit_verify") @implementation
public func interlock_audit_verify(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let engine = try Handles.engines.resolve(engine)
    let bytes = try Argument.bytes(
      request, request_size, "request", limit: JSONReader.maxBytes)
    let report = try requested { () throws(EngineError) in try engine.audit.verify(bytes) }
    out.pointee = try BufferResult.make(report.json)
    if !report.isSound { throw Failure(.corrupt, "the chain of the audit is broken") }
  }
}
