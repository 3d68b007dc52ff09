/// A set of Unicode general categories, as `\p{...}` names them.
struct CategorySet: OptionSet, Sendable {
  let rawValue: UInt32

  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  init(_ category: Unicode.GeneralCategory) {
    self = Self.byCategory[category] ?? []
  }

  /// The categories that a property name stands for, short or long, or nil if it names none.
  init?(named name: String) {
    let value = name.utf8.split(separator: UInt8(ascii: "="))
    let prefix = value.count == 2 ? String(decoding: value[0], as: UTF8.self) : nil
    guard value.count == 1 || prefix == "gc" || prefix == "General_Category",
      let last = value.last, let set = Self.byName[String(decoding: last, as: UTF8.self)]
    else { return nil }
    self = set
  }

  var complement: CategorySet {
    CategorySet(rawValue: ~rawValue & Self.all)
  }

  /// Aliases of PropertyValueAliases.txt. A group is the union of what begins with its letter.
  private static let table: [(Unicode.GeneralCategory, [String])] = [
    (.uppercaseLetter, ["Lu", "Uppercase_Letter"]),
    (.lowercaseLetter, ["Ll", "Lowercase_Letter"]),
    (.titlecaseLetter, ["Lt", "Titlecase_Letter"]),
    (.modifierLetter, ["Lm", "Modifier_Letter"]),
    (.otherLetter, ["Lo", "Other_Letter"]),
    (.nonspacingMark, ["Mn", "Nonspacing_Mark"]),
    (.spacingMark, ["Mc", "Spacing_Mark"]),
    (.enclosingMark, ["Me", "Enclosing_Mark"]),
    (.decimalNumber, ["Nd", "Decimal_Number", "digit"]),
    (.letterNumber, ["Nl", "Letter_Number"]),
    (.otherNumber, ["No", "Other_Number"]),
    (.connectorPunctuation, ["Pc", "Connector_Punctuation"]),
    (.dashPunctuation, ["Pd", "Dash_Punctuation"]),
    (.openPunctuation, ["Ps", "Open_Punctuation"]),
    (.closePunctuation, ["Pe", "Close_Punctuation"]),
    (.initialPunctuation, ["Pi", "Initial_Punctuation"]),
    (.finalPunctuation, ["Pf", "Final_Punctuation"]),
    (.otherPunctuation, ["Po", "Other_Punctuation"]),
    (.mathSymbol, ["Sm", "Math_Symbol"]),
    (.currencySymbol, ["Sc", "Currency_Symbol"]),
    (.modifierSymbol, ["Sk", "Modifier_Symbol"]),
    (.otherSymbol, ["So", "Other_Symbol"]),
    (.spaceSeparator, ["Zs", "Space_Separator"]),
    (.lineSeparator, ["Zl", "Line_Separator"]),
    (.paragraphSeparator, ["Zp", "Paragraph_Separator"]),
    (.control, ["Cc", "Control", "cntrl"]),
    (.format, ["Cf", "Format"]),
    (.surrogate, ["Cs", "Surrogate"]),
    (.privateUse, ["Co", "Private_Use"]),
    (.unassigned, ["Cn", "Unassigned"]),
  ]

  private static let groups: [(letter: Unicode.Scalar, names: [String])] = [
    ("L", ["L", "Letter"]), ("M", ["M", "Mark", "Combining_Mark"]), ("N", ["N", "Number"]),
    ("P", ["P", "Punctuation", "punct"]), ("S", ["S", "Symbol"]), ("Z", ["Z", "Separator"]),
    ("C", ["C", "Other"]),
  ]

  private static let all: UInt32 = (1 << UInt32(table.count)) - 1

  private static let byCategory: [Unicode.GeneralCategory: CategorySet] = {
    var sets: [Unicode.GeneralCategory: CategorySet] = [:]
    for (index, row) in table.enumerated() {
      sets[row.0] = CategorySet(rawValue: 1 << UInt32(index))
    }
    return sets
  }()

  private static let byName: [String: CategorySet] = {
    var sets: [String: CategorySet] = [:]
    for (category, names) in table {
      for name in names { sets[name] = CategorySet(category) }
    }
    for group in groups {
      let members = table.filter { $0.1.first?.unicodeScalars.first == group.letter }
      for name in group.names { sets[name] = CategorySet(members.map { CategorySet($0.0) }) }
    }
    for name in ["LC", "Cased_Letter"] {
      sets[name] = [
        CategorySet(.uppercaseLetter), CategorySet(.lowercaseLetter), CategorySet(.titlecaseLetter),
      ]
    }
    return sets
  }()
}
