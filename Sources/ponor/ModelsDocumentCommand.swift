import ArgumentParser
import DGAKit
import DGAModels
import Generation

extension Models {
  struct Document: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the built-in families as Markdown, the generated part of docs/families.md.")

    func run() throws {
      print(FamiliesPage.render(ModelCatalogue(models: builtInModels)), terminator: "")
    }
  }
}
