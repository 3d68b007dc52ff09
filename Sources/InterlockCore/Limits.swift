/// The sizes that are checked before anything else happens (convention 9 of interlock.h).
package enum Limits {
  package static let idBytes = 512
  package static let namespaceBytes = 4096
  package static let taskPathBytes = 4096
  package static let typeBytes = 64
  package static let pathBytes = 4096
  package static let valueBytes = 1 << 30
  package static let arrayElements = 65536
  package static let pageCheckpoints = 1000
}
