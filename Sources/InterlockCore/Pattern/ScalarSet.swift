/// A set of Unicode scalars: ranges, general categories, or everything but these.
struct ScalarSet: Sendable {
  /// Sorted, without overlaps once `normalise` has run.
  private(set) var ranges: [ClosedRange<UInt32>] = []
  private(set) var categories = CategorySet()
  private var isNegated = false

  init(_ ranges: ClosedRange<UInt32>...) {
    self.ranges = ranges
    normalise()
  }

  init(categories: CategorySet) {
    self.categories = categories
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    (isInRanges(scalar.value) || isInCategories(scalar)) != isNegated
  }

  mutating func insert(_ range: ClosedRange<UInt32>) {
    ranges.append(range)
  }

  /// Adds the members of a set that is not negated: an escape such as `\d` within a class.
  mutating func insert(contentsOf other: ScalarSet) {
    ranges.append(contentsOf: other.ranges)
    categories.formUnion(other.categories)
  }

  /// Sorts and joins the ranges: `contains` relies on it.
  mutating func normalise() {
    var joined: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    ranges = joined
  }

  var negated: ScalarSet {
    var copy = self
    copy.isNegated.toggle()
    return copy
  }

  /// What the ranges leave out, as ranges: `\D`, `\W` and `\S` may stand within a class.
  var complementOfRanges: ScalarSet {
    var complement = ScalarSet()
    var start: UInt32 = 0
    for range in ranges {
      if range.lowerBound > start { complement.insert(start...(range.lowerBound - 1)) }
      start = range.upperBound + 1
    }
    if start <= Self.lastScalar { complement.insert(start...Self.lastScalar) }
    return complement
  }

  private func isInRanges(_ value: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if value < ranges[middle].lowerBound {
        high = middle
      } else if value > ranges[middle].upperBound {
        low = middle + 1
      } else {
        return true
      }
    }
    return false
  }

  private func isInCategories(_ scalar: Unicode.Scalar) -> Bool {
    !categories.isEmpty && categories.contains(CategorySet(scalar.properties.generalCategory))
  }
}

extension ScalarSet {
  static let lastScalar: UInt32 = 0x10FFFF

  static let digit = ScalarSet(0x30...0x39)
  static let word = ScalarSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
  /// WhiteSpace and LineTerminator of ECMA-262.
  static let space = ScalarSet(
    0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
    0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF)
  /// What `.` does not match.
  static let lineEnd = ScalarSet(0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029)
  static let any = ScalarSet(0...lastScalar)
  static let ascii = ScalarSet(0...0x7F)
}
