import Settings

/// Response policy zones in the control half.
extension Supervisor {
  /// Loads policy zones that have changed, and puts them in force with one swap.
  func updateResponsePolicy() async {
    if await policyManager.update(settings.rpz) {
      policies = await policyManager.current
      publish()
    }
  }

  /// From now on, fetched zones are loaded as they come in.
  func watchResponsePolicy() async {
    await policyManager.whenFetched { [weak self] in await self?.updateResponsePolicy() }
  }
}
