public import CInterlock
import Interlock
import InterlockCore

@_cdecl("interlock_message_post") @implementation
public func interlock_message_post(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.messages.post(request)
  }
}

@_cdecl("interlock_message_get") @implementation
public func interlock_message_get(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.messages.get(request)
  }
}

@_cdecl("interlock_message_list") @implementation
public func interlock_message_list(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.messages.list(request)
  }
}

@_cdecl("interlock_message_ack") @implementation
public func interlock_message_ack(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.messages.acknowledge(request)
  }
}

@_cdecl("interlock_message_delete") @implementation
public func interlock_message_delete(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.messages.delete(request)
  }
}
