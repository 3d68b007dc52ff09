public import CInterlock
import Interlock
import InterlockStore

public typealias EngineOutput = UnsafeMutablePointer<OpaquePointer?>?
public typealias BufferOutput = UnsafeMutablePointer<UnsafeMutablePointer<interlock_buffer>?>?

@_cdecl("interlock_engine_open") @implementation
public func interlock_engine_open(
  _ url: UnsafePointer<CChar>?, _ url_size: Int,
  _ options: UnsafePointer<interlock_engine_options>?, _ out_engine: EngineOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_engine, "out_engine")
    let engine = try EngineOpening(url, url_size, options).open()
    out.pointee = try Handles.engines.insert(engine)
  }
}

@_cdecl("interlock_engine_close") @implementation
public func interlock_engine_close(
  _ engine: OpaquePointer?,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let engine = try Handles.engines.remove(engine)
    do throws(StoreError) { try engine.close() } catch { throw Failure(error) }
  }
}

@_cdecl("interlock_engine_info") @implementation
public func interlock_engine_info(
  _ engine: OpaquePointer?, _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let json = try withEngine(engine) { $0.information }
    out.pointee = try BufferResult.make(json)
  }
}

@_cdecl("interlock_engine_check") @implementation
public func interlock_engine_check(
  _ engine: OpaquePointer?, _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let report = try withEngine(engine) { (engine) throws(StoreError) in try engine.check() }
    out.pointee = try BufferResult.make(report.json)
    guard let first = report.problems.first else { return }
    throw Failure(.corrupt, "\(report.problems.count) problems, the first: \(first.message)")
  }
}
