public import CInterlock
import Interlock
import InterlockCore
import InterlockStore

@_cdecl("interlock_thread_delete") @implementation
public func interlock_thread_delete(
  _ engine: OpaquePointer?, _ thread_id: UnsafePointer<CChar>?, _ thread_id_size: Int,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let thread = try Argument.text(thread_id, thread_id_size, "thread_id")
    try withEngine(engine) { (engine) throws(StoreError) in try engine.deleteThread(thread) }
  }
}

@_cdecl("interlock_thread_copy") @implementation
public func interlock_thread_copy(
  _ engine: OpaquePointer?, _ source_id: UnsafePointer<CChar>?, _ source_id_size: Int,
  _ target_id: UnsafePointer<CChar>?, _ target_id_size: Int,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let source = try Argument.text(source_id, source_id_size, "source_id")
    let target = try Argument.text(target_id, target_id_size, "target_id")
    try withEngine(engine) { (engine) throws(StoreError) in
      try engine.copyThread(source, to: target)
    }
  }
}

@_cdecl("interlock_thread_prune") @implementation
public func interlock_thread_prune(
  _ engine: OpaquePointer?, _ thread_ids: UnsafePointer<interlock_bytes>?, _ thread_count: Int,
  _ strategy: UInt32,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let threads = try Argument.texts(thread_ids, thread_count, "thread_ids")
    let strategy = try PruneStrategy(strategy)
    try withEngine(engine) { (engine) throws(StoreError) in try engine.prune(threads, strategy) }
  }
}

@_cdecl("interlock_thread_storage") @implementation
public func interlock_thread_storage(
  _ engine: OpaquePointer?, _ thread_id: UnsafePointer<CChar>?, _ thread_id_size: Int,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let thread = try Argument.text(thread_id, thread_id_size, "thread_id")
    let json = try withEngine(engine) { (engine) throws(StoreError) in
      try engine.storage(of: thread)
    }
    out.pointee = try BufferResult.make(json)
  }
}

@_cdecl("interlock_thread_list") @implementation
public func interlock_thread_list(
  _ engine: OpaquePointer?, _ after: UnsafePointer<CChar>?, _ after_size: Int, _ limit: UInt32,
  _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let start = try Argument.text(after, after_size, "after")
    let json = try withEngine(engine) { (engine) throws(StoreError) in
      try engine.threadPage(after: start, limit: limit == 0 ? 100 : Int(limit))
    }
    out.pointee = try BufferResult.make(json)
  }
}

extension PruneStrategy {
  fileprivate init(_ number: UInt32) throws(Failure) {
    switch number {
    case INTERLOCK_PRUNE_KEEP_LATEST: self = .keepLatest
    case INTERLOCK_PRUNE_DELETE: self = .delete
    default: throw Failure(.invalidArgument, "strategy \(number) is unknown", path: "strategy")
    }
  }
}
