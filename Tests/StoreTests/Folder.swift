import Glibc

/// A folder for two databases, gone with its last user.
final class Folder {
  let path: String

  init() {
    var template = Array("/tmp/interlock-store-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  deinit {
    for name in ["a.db", "b.db"] {
      for suffix in ["", "-wal", "-shm", "-wake"] { unlink("\(path)/\(name)\(suffix)") }
    }
    rmdir(path)
  }

  var file: String { path + "/a.db" }
}
