import CInterlock
import Interlock
import InterlockCore
import InterlockStore

typealias ErrorOutput = UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?

/// The one way from C into Swift and back: outputs are cleared, failures become a status and an
/// error object. The whole of a call is inside of the fork gate, out of which it steps to wait: Swift's
/// runtime takes locks wherever a type is used for the first time.
func boundary(
  _ outError: ErrorOutput, _ body: () throws(Failure) -> Void
) -> interlock_status {
  outError?.pointee = nil
  ForkGate.enter()
  defer { ForkGate.leave() }
  do throws(Failure) {
    try body()
    return Status.ok.rawValue
  } catch {
    if let outError { outError.pointee = ErrorObject.make(error) }
    return error.status.rawValue
  }
}

/// Resolves an engine and runs a request on it.
func withEngine<Result>(
  _ handle: OpaquePointer?, _ body: (Engine) throws(StoreError) -> Result
) throws(Failure) -> Result {
  let engine = try Handles.engines.resolve(handle)
  do throws(StoreError) {
    return try body(engine)
  } catch {
    throw Failure(error)
  }
}

typealias BufferPointer = UnsafeMutablePointer<UnsafeMutablePointer<interlock_buffer>?>?

/// The way of every document: a request in, a result out.
///
/// Not optimized: the compiler would put a copy of it into every function of the interface.
@inline(never) @_optimize(none)
func answer(
  _ handle: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ size: Int,
  _ outJSON: BufferPointer, _ outError: ErrorOutput, output name: StaticString = "out_json",
  _ body: (Engine, [UInt8]) throws(EngineError) -> [UInt8]
) -> interlock_status {
  boundary(outError) { () throws(Failure) in
    let out = try output(outJSON, name)
    let engine = try Handles.engines.resolve(handle)
    let bytes = try Argument.bytes(request, size, "request", limit: JSONReader.maxBytes)
    out.pointee = try BufferResult.make(
      try requested { () throws(EngineError) in try body(engine, bytes) })
  }
}

/// The same for a run.
@inline(never) @_optimize(none)
func answer(
  _ handle: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ size: Int,
  _ outJSON: BufferPointer, _ outError: ErrorOutput,
  _ body: (RunSession, [UInt8]) throws(EngineError) -> [UInt8]
) -> interlock_status {
  boundary(outError) { () throws(Failure) in
    let out = try output(outJSON, "out_json")
    let run = try Handles.runs.resolve(handle)
    let bytes = try Argument.bytes(request, size, "request", limit: JSONReader.maxBytes)
    out.pointee = try BufferResult.make(
      try requested { () throws(EngineError) in try body(run, bytes) })
  }
}

/// Translates what a request throws.
func requested<Result>(
  _ body: () throws(EngineError) -> Result
) throws(Failure) -> Result {
  do throws(EngineError) { return try body() } catch { throw Failure(error) }
}

/// Clears an output and refuses NULL.
func output<Value>(
  _ pointer: UnsafeMutablePointer<Value?>?, _ name: StaticString
) throws(Failure) -> UnsafeMutablePointer<Value?> {
  guard let pointer else { throw .misuse(name, "is NULL") }
  pointer.pointee = nil
  return pointer
}
