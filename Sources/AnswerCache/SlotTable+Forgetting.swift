import Synchronization

extension SlotTable {
  /// Forgets all answers that may be of `zone` or below it; for the control plane, since it looks at
  /// every slot.
  ///
  /// - Returns: how many that were.
  func forget(_ zone: AnswerOrigin, epoch: UInt32) -> Int {
    var count = 0
    for index in 0..<slotCount {
      let isForgotten = change(slot: index) { fields in
        guard fields.low != 0, fields.epoch == epoch, fields.origin.isWithin(zone) else {
          return false
        }
        // No epoch to come for 4 billion flushes has this number.
        fields.epoch = epoch &- 1
        return true
      }
      if isForgotten { count += 1 }
    }
    return count
  }
}
