extension SQL {
  // Interrupts of graphs
  static let graphInterrupt = SQL(
    """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts WHERE thread = ? AND id = ?
    """)
  static let graphInterruptsOfReview = SQL(
    """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts WHERE review = ? ORDER BY updated_at DESC
    """)
  static let graphInterruptsOfThread = SQL(
    """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts WHERE thread = ? AND id > ? ORDER BY id LIMIT ?
    """)
  static let openGraphInterrupts = SQL(
    """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts \
    WHERE thread = ? AND status NOT IN ('applied', 'moved') ORDER BY id
    """)
  static let dueGraphInterrupts = SQL(
    """
    SELECT thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at FROM graph_interrupts INDEXED BY graph_interrupts_due \
    WHERE status IN ('answered', 'failed', 'applying') AND (updated_at, thread, id) > (?, ?, ?) \
    ORDER BY updated_at, thread, id LIMIT ?
    """)
  static let putGraphInterrupt = SQL(
    """
    INSERT INTO graph_interrupts (thread, id, namespace, checkpoint, task, graph, shape, review, status, value, request, \
    attempts, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
    ON CONFLICT (thread, id) DO UPDATE SET namespace = excluded.namespace, \
    checkpoint = excluded.checkpoint, task = excluded.task, graph = excluded.graph, \
    shape = excluded.shape, review = excluded.review, status = excluded.status, \
    value = excluded.value, request = excluded.request, attempts = excluded.attempts, \
    updated_at = excluded.updated_at
    """)
  static let deleteGraphInterrupts = SQL("DELETE FROM graph_interrupts WHERE thread = ?")
}
