public import CInterlock
import Interlock
import InterlockCore

@_cdecl("interlock_permit_consume") @implementation
public func interlock_permit_consume(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.permits.consume(request)
  }
}

@_cdecl("interlock_permit_report") @implementation
public func interlock_permit_report(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.permits.report(request)
  }
}

@_cdecl("interlock_permit_get") @implementation
public func interlock_permit_get(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.permits.get(request)
  }
}

@_cdecl("interlock_permit_list") @implementation
public func interlock_permit_list(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.permits.list(request)
  }
}
