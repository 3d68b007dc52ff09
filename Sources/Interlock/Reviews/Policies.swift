import InterlockCore
import InterlockStore

/// Who must decide, kept under a name and used again. Since 0.1.
public struct Policies: Sendable {
  let engine: Engine

  /// Keeps a policy. Another content makes the next version.
  public func put(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    let document = try RequestReader(request).document
    let (policy, name) = try Self.read(document)
    let kept = try engine.change { (transaction) throws(StoreError) in
      let newest = try transaction.policy(name, version: nil)
      if let newest, newest.body == JSONWriter.write(policy.json) { return newest }
      let record = PolicyRecord(
        name: name, version: (newest?.version ?? 0) + 1, body: JSONWriter.write(policy.json))
      try transaction.insertPolicy(record)
      return record
    }
    return JSONWriter.write(try kept.document())
  }

  /// Reads a policy, in the newest version or the one named.
  public func get(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let name = reader.members.id("name", .required)
    let version = reader.members.integer("version", in: 1...Int(Int32.max))
    try reader.finish()
    return JSONWriter.write(
      try engine.policy(try RequestReader.required(name, "name"), version: version))
  }

  /// Lists the newest version of each policy by name.
  public func list(_ request: [UInt8]) throws(EngineError) -> [UInt8] {
    var reader = try RequestReader(request)
    let after = reader.members.text("after") ?? .empty
    let limit = reader.limit(50)
    try reader.finish()
    let records = try engine.look { (transaction) throws(StoreError) in
      try transaction.policies(after: after, limit: limit)
    }
    let documents = try records.map { (record) throws(EngineError) in try record.document() }
    let next = records.count == limit ? records.last.map { JSONValue.string($0.name) } : nil
    return JSONWriter.write(.object(["policies": .array(documents), "next": next ?? .null]))
  }

  /// A policy that is to be kept. What is kept has no version: that is counted here, and a document that
  /// was read may be changed and put back.
  private static func read(_ document: JSONValue) throws(EngineError) -> (Policy, Text) {
    var problems: [Problem] = []
    let policy = Policy(document, at: .root, problems: &problems)
    if problems.isEmpty, policy?.name == nil {
      problems = [
        Problem(.missing, at: JSONPointer.root.appending("name"), "A kept policy has a name.")
      ]
    }
    guard problems.isEmpty, let policy, let name = policy.name else {
      throw EngineError(Refusal(.invalidPolicy, "The policy cannot be kept.", problems: problems))
    }
    return (policy.withoutVersion, name)
  }
}

extension Engine {
  public var policies: Policies { Policies(engine: self) }

  /// The document of a policy with its version.
  func policy(_ name: Text, version: Int?) throws(EngineError) -> JSONValue {
    let record = try look { (transaction) throws(StoreError) in
      try transaction.policy(name, version: version)
    }
    guard let record else {
      throw EngineError(Refusal(.unknownPolicy, "There is no policy called \(name)."))
    }
    return try record.document()
  }
}

extension PolicyRecord {
  fileprivate func document() throws(EngineError) -> JSONValue {
    guard case .object(let members)? = try? JSONReader.readStored(body) else {
      throw EngineError(.corrupt, "policy \(name) cannot be read")
    }
    return .object(members + [JSONMember(name: "version", value: .integer(version))])
  }
}
