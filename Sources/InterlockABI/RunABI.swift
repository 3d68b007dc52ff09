public import CInterlock
import Interlock
import InterlockCore

public typealias RunOutput = UnsafeMutablePointer<OpaquePointer?>?

@_cdecl("interlock_run_begin") @implementation
public func interlock_run_begin(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_run: RunOutput, _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let (outRun, outJSON) = (try output(out_run, "out_run"), try output(out_json, "out_json"))
    let engine = try Handles.engines.resolve(engine)
    let bytes = try Argument.bytes(
      request, request_size, "request", limit: JSONReader.maxBytes)
    let (run, json) = try requested { () throws(EngineError) in try engine.runs.begin(bytes) }
    outJSON.pointee = try BufferResult.make(json)
    outRun.pointee = try Handles.runs.insert(run)
  }
}

@_cdecl("interlock_run_step") @implementation
public func interlock_run_step(
  _ run: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ key_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let run = try Handles.runs.resolve(run)
    let key = try Argument.text(key, key_size, "key")
    let json = try requested { () throws(EngineError) in try run.step(named: key) }
    out.pointee = try BufferResult.make(json)
  }
}

@_cdecl("interlock_run_record") @implementation
public func interlock_run_record(
  _ run: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(run, request, request_size, out_json, out_error) {
    (run: RunSession, request) throws(EngineError) in try run.record(request)
  }
}

@_cdecl("interlock_run_interrupt") @implementation
public func interlock_run_interrupt(
  _ run: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(run, request, request_size, out_json, out_error) {
    (run: RunSession, request) throws(EngineError) in try run.interrupt(request)
  }
}

@_cdecl("interlock_run_heartbeat") @implementation
public func interlock_run_heartbeat(
  _ run: OpaquePointer?, _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(run, nil, 0, out_json, out_error) {
    (run: RunSession, _) throws(EngineError) in try run.heartbeat()
  }
}

@_cdecl("interlock_run_suspend") @implementation
public func interlock_run_suspend(
  _ run: OpaquePointer?, _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(run, nil, 0, out_json, out_error) {
    (run: RunSession, _) throws(EngineError) in try run.suspend()
  }
}

@_cdecl("interlock_run_complete") @implementation
public func interlock_run_complete(
  _ run: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(run, request, request_size, out_json, out_error) {
    (run: RunSession, request) throws(EngineError) in try run.complete(request)
  }
}

@_cdecl("interlock_run_fail") @implementation
public func interlock_run_fail(
  _ run: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(run, request, request_size, out_json, out_error) {
    (run: RunSession, request) throws(EngineError) in try run.fail(request)
  }
}

@_cdecl("interlock_run_close") @implementation
public func interlock_run_close(
  _ run: OpaquePointer?,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in _ = try Handles.runs.remove(run) }
}

@_cdecl("interlock_run_resume") @implementation
public func interlock_run_resume(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.runs.resume(request)
  }
}

@_cdecl("interlock_run_cancel") @implementation
public func interlock_run_cancel(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.runs.cancel(request)
  }
}

@_cdecl("interlock_run_get") @implementation
public func interlock_run_get(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.runs.get(request)
  }
}

@_cdecl("interlock_run_list") @implementation
public func interlock_run_list(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.runs.list(request)
  }
}

@_cdecl("interlock_run_interrupts") @implementation
public func interlock_run_interrupts(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  answer(engine, request, request_size, out_json, out_error) {
    (engine, request) throws(EngineError) in try engine.runs.interrupts(request)
  }
}
