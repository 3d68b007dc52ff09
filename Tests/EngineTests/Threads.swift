import Glibc

/// Runs a body on threads of its own; the library itself starts none.
func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let threads = (0..<count).map { index -> pthread_t in
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Work { body(index) })
    pthread_create(&thread, nil, runWork, box.toOpaque())
    return thread
  }
  for thread in threads { pthread_join(thread, nil) }
}

private final class Work: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
  }
}

private func runWork(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
  return nil
}
