/// The table of the gear hash (Xia et al., "FastCDC", USENIX ATC 2016).
///
/// It is part of the storage format: other numbers would cut other chunks, which is allowed but
/// shares nothing with what was stored before. SplitMix64 from a fixed seed makes it.
enum GearHash {
  static let table: [UInt64] = {
    var state: UInt64 = 0x496E_7465_726C_6F63  // "Interloc"
    return (0..<256).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
  }()
}
