/// A statement that is prepared once and kept. Its text is its name: two are equal if they are the same.
struct SQL: Hashable {
  let text: StaticString

  init(_ text: StaticString) {
    self.text = text
  }

  static func == (left: SQL, right: SQL) -> Bool {
    left.text.utf8Start == right.text.utf8Start
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(text.utf8Start)
  }
}

extension SQL {
  static let begin = SQL("BEGIN IMMEDIATE")
  static let beginRead = SQL("BEGIN")
  static let commit = SQL("COMMIT")
  static let rollback = SQL("ROLLBACK")
  static let savepoint = SQL("SAVEPOINT request")
  static let release = SQL("RELEASE request")
  static let rollbackToSavepoint = SQL("ROLLBACK TO request")
  static let synchronousFull = SQL("PRAGMA synchronous = FULL")
  static let synchronousNormal = SQL("PRAGMA synchronous = NORMAL")
}
