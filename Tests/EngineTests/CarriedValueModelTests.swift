import Interlock
import InterlockCore
import InterlockSQLite
import InterlockStore
import Testing

/// Random histories of a thread against a table of what every checkpoint was stored with.
@Suite struct CarriedValueModelTests {
  @Test(arguments: StoreKind.allCases, [1, 2, 3, 4] as [UInt64])
  func everyCheckpointReadsWhatItWasStoredWith(_ kind: StoreKind, _ seed: UInt64) throws {
    try withEngine(kind) { (engine: Engine) throws in
      var model = Model(seed: seed)
      for _ in 0..<250 { try model.step(engine) }
      try model.compare(engine, "t")
    }
  }
}

private struct Model {
  private struct Checkpoint {
    var run: Int
    var versions: [ChannelVersion]
    var values: [Text: [UInt8]]
  }

  private static let channels: [Text] = ["a", "b", "c", "d", "e", "f"]
  private static let runs = 5

  private var dice: Dice
  private var checkpoints: [Text: Checkpoint] = [:]
  private var next = 1000

  init(seed: UInt64) {
    dice = Dice(seed)
  }

  private mutating func chance(_ count: Int) -> Int { Int.random(in: 0..<count, using: &dice) }

  private mutating func number() -> Int {
    next += 1
    return next
  }

  mutating func step(_ engine: Engine) throws {
    switch chance(40) {
    case 0:
      try engine.prune(["t"], .keepLatest)
      if let latest = checkpoints.keys.max() {
        checkpoints = checkpoints.filter { $0.key == latest }
      }
    case 1, 2:
      let run = chance(Self.runs)
      try engine.deleteCheckpoints(ofRuns: [Text("run \(run)")])
      checkpoints = checkpoints.filter { $0.value.run != run }
    case 3:
      try engine.copyThread("t", to: Text("copy \(number())"))
      try compare(engine, Text("copy \(next)"))
      try engine.deleteThread(Text("copy \(next)"))
    case 4: try compare(engine, "t")
    case 5...8: try putAgain(engine)
    default: try putNew(engine)
    }
    // A copy needs something to copy.
    if checkpoints.isEmpty { try putNew(engine) }
  }

  /// A child of some checkpoint, or a copy of one without a parent: some channels are new.
  private mutating func putNew(_ engine: Engine) throws {
    let source = checkpoints.keys.sorted().randomElement(using: &dice)
    var checkpoint =
      source.flatMap { checkpoints[$0] } ?? Checkpoint(run: 0, versions: [], values: [:])
    checkpoint.run = chance(Self.runs)
    var given: [ChannelValue] = []
    for channel in Self.channels where chance(3) == 0 {
      let version = Text("v\(number())")
      let value: [UInt8]? = chance(8) == 0 ? nil : noise(size(), seed: UInt64(next))
      checkpoint.versions.removeAll { $0.channel == channel }
      checkpoint.versions.append(ChannelVersion(channel: channel, version: version))
      checkpoint.values[channel] = value
      given.append(
        ChannelValue(
          channel: channel, version: version, type: value == nil ? nil : "b", data: value ?? []))
    }
    let id = Text("\(number())")
    try put(engine, id, parent: chance(5) == 0 ? nil : source, checkpoint, given)
    checkpoints[id] = checkpoint
  }

  /// The same id with fewer channels: others may inherit from it what it has no longer.
  private mutating func putAgain(_ engine: Engine) throws {
    guard let id = checkpoints.keys.sorted().randomElement(using: &dice),
      var checkpoint = checkpoints[id]
    else { return }
    if let dropped = checkpoint.versions.randomElement(using: &dice) {
      checkpoint.versions.removeAll { $0 == dropped }
      checkpoint.values[dropped.channel] = nil
    }
    let given = checkpoint.versions.filter { _ in chance(2) == 0 }.map {
      ChannelValue(
        channel: $0.channel, version: $0.version,
        type: checkpoint.values[$0.channel] == nil ? nil : "b",
        data: checkpoint.values[$0.channel] ?? [])
    }
    try put(engine, id, parent: nil, checkpoint, given)
    checkpoints[id] = checkpoint
  }

  private mutating func size() -> Int {
    [0, 3, 900, 2048, 2049, 9000, 40_000][chance(7)]
  }

  private func put(
    _ engine: Engine, _ id: Text, parent: Text?, _ checkpoint: Checkpoint, _ given: [ChannelValue]
  ) throws {
    try engine.put(
      CheckpointInput(
        thread: "t", id: id, parent: parent, type: "t",
        metadata: bytes(#"{"run_id":"run \#(checkpoint.run)"}"#), versions: checkpoint.versions,
        values: given))
  }

  func compare(_ engine: Engine, _ thread: Text) throws {
    #expect(
      try engine.ids(CheckpointQuery(thread: thread))
        == checkpoints.keys.sorted().reversed().map(\.string))
    for (id, checkpoint) in checkpoints {
      #expect(try engine.get(.latest(thread, id: id)).values() == checkpoint.values)
    }
    let page = try engine.list(CheckpointQuery(thread: thread))
    for (index, found) in page.checkpoints.enumerated() {
      #expect(page.values(at: index) == checkpoints[found.id]?.values)
    }
  }
}
