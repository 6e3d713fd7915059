import ArgumentParser

/// Settings has a type of this name too; on the command line the parser's is meant.
typealias Option = ArgumentParser.Option
