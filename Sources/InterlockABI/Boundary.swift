import CInterlock
import Interlock
import InterlockStore

typealias ErrorOutput = UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?

/// The one way from C into Swift and back: outputs are cleared, failures become a status and an
/// error object.
func boundary(
  _ outError: ErrorOutput, _ body: () throws(Failure) -> Void
) -> interlock_status {
  outError?.pointee = nil
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
  let engine = try HandleTable.engines.resolve(handle)
  do throws(StoreError) {
    return try body(engine)
  } catch {
    throw Failure(error)
  }
}

/// Clears an output and refuses NULL.
func output<Value>(
  _ pointer: UnsafeMutablePointer<Value?>?, _ name: StaticString
) throws(Failure) -> UnsafeMutablePointer<Value?> {
  guard let pointer else { throw .misuse(name, "is NULL") }
  pointer.pointee = nil
  return pointer
}
