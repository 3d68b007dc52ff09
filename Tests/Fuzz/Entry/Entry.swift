import FuzzTargets
import Glibc

private let target: FuzzTarget = {
  let name = getenv("INTERLOCK_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    report("INTERLOCK_FUZZ_TARGET must name a target, not \"\(name)\".")
    exit(2)
  }
  return target
}()

private func report(_ line: String) {
  let bytes = Array("\(line)\n".utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  do throws(Finding) {
    try target.run(Array(UnsafeBufferPointer(start: data, count: size)))
  } catch {
    report("FINDING \(target.rawValue): \(error)")
    abort()
  }
  return 0
}

@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ most: Int) -> Int

/// Half of the mutations change bytes, the other half JSON values, so that documents stay readable.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ most: Int, _ seed: CUnsignedInt
) -> Int {
  var mutator = JSONMutator(seed: UInt64(seed)) { bytes in
    let room = bytes.count + 16
    var buffer = bytes + [UInt8](repeating: 0, count: 16)
    let count = mutateBytes(&buffer, bytes.count, room)
    return Array(buffer.prefix(count))
  }
  guard target.isMadeOfJSON, seed & 1 == 0,
    let mutant = mutator.mutate(Array(UnsafeBufferPointer(start: data, count: size))),
    mutant.count <= most
  else { return mutateBytes(data, size, most) }
  for (index, byte) in mutant.enumerated() { data[index] = byte }
  return mutant.count
}
