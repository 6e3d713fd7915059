"""IntelMQ's own bots as a library: what they make of a report, and what they complain about."""

import logging
import os
import pathlib
import shutil
import tempfile

import consumer

PACKAGE = "intelmq==3.5.0"


class Complaints(logging.Handler):
    """Gathers everything a bot complains about: a missing optional column is a warning."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def make_root():
    """Lays out the directory that IntelMQ takes its configuration and state from."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="ponor-intelmq-"))
    for directory in ("etc", "var/log", "var/run", "var/lib/bots"):
        (root / directory).mkdir(parents=True)
    os.environ["INTELMQ_ROOT_DIR"] = f"{root}/"
    import intelmq
    etc = pathlib.Path(intelmq.__file__).parent / "etc"
    shutil.copy(etc / "harmonization.conf", root / "etc")
    shutil.copy(consumer.schema("shadowserver-intelmq-schema.json"), root / "var/lib/bots/shadowserver-schema.json")
    return root


def parse(bot_class, raw, file_name=None, **settings):
    """The events a parser bot makes of a report, and its complaints."""
    from intelmq.lib.bot import BotLibSettings
    from intelmq.lib.message import Report
    bot = bot_class("ponor-check", settings=BotLibSettings | {"logging_level": "WARNING"} | settings)
    complaints = Complaints()
    bot.logger.handlers = [complaints]  # broken twins must not fill the screen
    report = Report(harmonization=bot.harmonization)
    # Every collector says so, and a parser must not find its own fields taken.
    report.add("feed.name", "Ponor")
    report.add("feed.provider", "ponor")
    report.add("feed.accuracy", 100)
    if file_name:
        report.add("extra.file_name", file_name)
    report.add("raw", raw)  # the message encodes it
    done = bot.process_message(report)
    return done["output"], complaints.lines + [str(error) for error in done.get("error", [])]
