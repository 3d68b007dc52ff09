private import CSodium

package enum RandomBytes {
  package static func make(_ size: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      csodium_random(buffer.baseAddress, size)
      count = size
    }
  }
}
