/// A value that is made when it is first asked for, once.
package final class Lazy<Value: Sendable>: Sendable {
  private let state: Locked<Value?>
  private let make: @Sendable () -> Value

  package init(_ make: @escaping @Sendable () -> Value) {
    self.make = make
    state = Locked(nil)
  }

  package var value: Value {
    state.withLock { state in
      if let state { return state }
      let new = make()
      state = new
      return new
    }
  }
}
