public import CInterlock
import Interlock
import InterlockCore
import InterlockStore

public typealias PageOutput =
  UnsafeMutablePointer<UnsafeMutablePointer<interlock_checkpoint_page>?>?

@_cdecl("interlock_checkpoint_put") @implementation
public func interlock_checkpoint_put(
  _ engine: OpaquePointer?, _ input: UnsafePointer<interlock_checkpoint_input>?,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let (checkpoint, mirror) = (try CheckpointInput(input), try GraphMirror?(input))
    let engine = try Handles.engines.resolve(engine)
    try requested { () throws(EngineError) in try engine.put(checkpoint, mirror) }
  }
}

@_cdecl("interlock_checkpoint_put_writes") @implementation
public func interlock_checkpoint_put_writes(
  _ engine: OpaquePointer?, _ input: UnsafePointer<interlock_write_input>?,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let (writes, mirror) = (try WriteInput(input), try GraphMirror?(input))
    let engine = try Handles.engines.resolve(engine)
    try requested { () throws(EngineError) in try engine.putWrites(writes, mirror) }
  }
}

@_cdecl("interlock_checkpoint_get") @implementation
public func interlock_checkpoint_get(
  _ engine: OpaquePointer?, _ query: UnsafePointer<interlock_checkpoint_query>?,
  _ out_page: PageOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_page, "out_page")
    let query = try CheckpointQuery(query, isList: false)
    let page = try withEngine(engine) { (engine) throws(StoreError) in try engine.get(query) }
    out.pointee = try PageResult.make(page)
  }
}

@_cdecl("interlock_checkpoint_list") @implementation
public func interlock_checkpoint_list(
  _ engine: OpaquePointer?, _ query: UnsafePointer<interlock_checkpoint_query>?,
  _ out_page: PageOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_page, "out_page")
    let query = try CheckpointQuery(query, isList: true)
    let page = try withEngine(engine) { (engine) throws(StoreError) in try engine.list(query) }
    out.pointee = try PageResult.make(page)
  }
}

@_cdecl("interlock_checkpoint_page_free") @implementation
public func interlock_checkpoint_page_free(
  _ page: UnsafeMutablePointer<interlock_checkpoint_page>?
) {
  LiveResults.free(page, .page)
}

@_cdecl("interlock_checkpoint_history") @implementation
public func interlock_checkpoint_history(
  _ engine: OpaquePointer?, _ query: UnsafePointer<interlock_checkpoint_query>?,
  _ channels: UnsafePointer<interlock_bytes>?, _ channel_count: Int,
  _ out_history: UnsafeMutablePointer<UnsafeMutablePointer<interlock_history>?>?,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_history, "out_history")
    let query = try CheckpointQuery(query, isList: false)
    let names = try Argument.texts(channels, channel_count, "channels")
    let histories = try withEngine(engine) { (engine) throws(StoreError) in
      try engine.history(query, channels: names)
    }
    out.pointee = try HistoryResult.make(histories)
  }
}

@_cdecl("interlock_history_free") @implementation
public func interlock_history_free(_ history: UnsafeMutablePointer<interlock_history>?) {
  LiveResults.free(history, .history)
}

@_cdecl("interlock_checkpoint_delete_for_runs") @implementation
public func interlock_checkpoint_delete_for_runs(
  _ engine: OpaquePointer?, _ run_ids: UnsafePointer<interlock_bytes>?, _ run_count: Int,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let runs = try Argument.texts(run_ids, run_count, "run_ids")
    try withEngine(engine) { (engine) throws(StoreError) in
      try engine.deleteCheckpoints(ofRuns: runs)
    }
  }
}
