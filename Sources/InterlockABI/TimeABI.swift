public import CInterlock
import Interlock

public typealias CancelOutput = UnsafeMutablePointer<OpaquePointer?>?

@_cdecl("interlock_cancel_create") @implementation
public func interlock_cancel_create(
  _ out_cancel: CancelOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_cancel, "out_cancel")
    out.pointee = try Handles.cancels.insert(CancelFlag())
  }
}

@_cdecl("interlock_cancel_signal") @implementation
public func interlock_cancel_signal(
  _ cancel: OpaquePointer?,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in try Handles.cancels.resolve(cancel).cancel() }
}

@_cdecl("interlock_cancel_close") @implementation
public func interlock_cancel_close(
  _ cancel: OpaquePointer?,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in _ = try Handles.cancels.remove(cancel) }
}

@_cdecl("interlock_engine_tick") @implementation
public func interlock_engine_tick(
  _ engine: OpaquePointer?, _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let engine = try Handles.engines.resolve(engine)
    let json = try requested { () throws(EngineError) in try engine.tick() }
    out.pointee = try BufferResult.make(json)
  }
}

@_cdecl("interlock_engine_next_deadline") @implementation
public func interlock_engine_next_deadline(
  _ engine: OpaquePointer?, _ out_ms: UnsafeMutablePointer<Int64>?,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    guard let out_ms else { throw .misuse("out_ms", "is NULL") }
    out_ms.pointee = .max
    let engine = try Handles.engines.resolve(engine)
    let next = try requested { () throws(EngineError) in try engine.nextDeadline() }
    out_ms.pointee = next ?? .max
  }
}

@_cdecl("interlock_engine_set_time") @implementation
public func interlock_engine_set_time(
  _ engine: OpaquePointer?, _ now_ms: Int64,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let engine = try Handles.engines.resolve(engine)
    try requested { () throws(EngineError) in try engine.setTime(now_ms) }
  }
}

@_cdecl("interlock_engine_event_fd") @implementation
public func interlock_engine_event_fd(
  _ engine: OpaquePointer?, _ out_fd: UnsafeMutablePointer<Int32>?,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    guard let out_fd else { throw .misuse("out_fd", "is NULL") }
    out_fd.pointee = -1
    let engine = try Handles.engines.resolve(engine)
    out_fd.pointee = try requested { () throws(EngineError) in try engine.eventDescriptor() }
  }
}
