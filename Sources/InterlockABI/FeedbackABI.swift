public import CInterlock
import Interlock
import InterlockCore

@_cdecl("interlock_feedback_put") @implementation
public func interlock_feedback_put(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.feedback.put(request)
  }
}

@_cdecl("interlock_feedback_list") @implementation
public func interlock_feedback_list(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.feedback.list(request)
  }
}

@_cdecl("interlock_feedback_summary") @implementation
public func interlock_feedback_summary(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.feedback.summary(request)
  }
}
