public import CInterlock
import Interlock
import InterlockCore

@_cdecl("interlock_event_read") @implementation
public func interlock_event_read(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.events.read(request)
  }
}

@_cdecl("interlock_event_ack") @implementation
public func interlock_event_ack(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.events.acknowledge(request)
  }
}

@_cdecl("interlock_event_wait") @implementation
public func interlock_event_wait(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ timeout_ms: UInt64, _ cancel: OpaquePointer?, _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let engine = try Handles.engines.resolve(engine)
    let flag = cancel == nil ? nil : try Handles.cancels.resolve(cancel)
    let bytes = try Argument.bytes(
      request, request_size, "request", limit: JSONReader.maxBytes)
    let json = try requested { () throws(EngineError) in
      try engine.events.wait(bytes, milliseconds: timeout_ms, cancel: flag)
    }
    out.pointee = try BufferResult.make(json)
  }
}
