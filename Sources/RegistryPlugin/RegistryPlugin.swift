import Foundation
import PackagePlugin

/// Lists the files of the models folder for `RegistryTool`, so that adding a family is adding a
/// file.
@main
struct RegistryPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let module = target.sourceModule else { return [] }
    let models = module.sourceFiles(withSuffix: ".swift").map(\.url)
    let output = context.pluginWorkDirectoryURL.appending(path: "BuiltInModels.swift")
    return [
      .buildCommand(
        displayName: "Listing the DGA models",
        executable: try context.tool(named: "RegistryTool").url,
        arguments: [output.path] + models.map(\.path),
        inputFiles: models,
        outputFiles: [output])
    ]
  }
}
