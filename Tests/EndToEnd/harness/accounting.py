"""FreeRADIUS as an accounting server that writes detail files and an SQLite database, and radclient."""

from pathlib import Path

from . import environment
from .processes import Daemon, run_checked

SECRET = "testing"

CONFIGURATION = """\
prefix = /usr
raddbdir = /etc/freeradius/3.0
modconfdir = ${{raddbdir}}/mods-config
libdir = /usr/lib/freeradius
logdir = {folder}
run_dir = {folder}
name = radiusd
max_requests = 1024
security {{
    max_attributes = 200
    reject_delay = 0
    status_server = no
}}
thread pool {{
    start_servers = 1
    max_servers = 2
    min_spare_servers = 1
    max_spare_servers = 1
    max_requests_per_server = 0
}}
client local {{
    ipaddr = 127.0.0.1
    secret = {secret}
}}
modules {{
    expr {{
        safe_characters = "@abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_: /"
    }}
    detail {{
        filename = {folder}/detail
        header = "%t"
        permissions = 0600
    }}
    sql {{
        dialect = "sqlite"
        driver = "rlm_sql_sqlite"
        sqlite {{
            filename = "{folder}/radius.db"
            bootstrap = "${{modconfdir}}/sql/main/sqlite/schema.sql"
        }}
        radius_db = "radius"
        acct_table1 = "radacct"
        acct_table2 = "radacct"
        postauth_table = "radpostauth"
        authcheck_table = "radcheck"
        groupcheck_table = "radgroupcheck"
        authreply_table = "radreply"
        groupreply_table = "radgroupreply"
        usergroup_table = "radusergroup"
        client_table = "nas"
        group_attribute = "SQL-Group"
        read_clients = no
        pool {{
            start = 1
            min = 1
            max = 1
            spare = 1
            uses = 0
            lifetime = 0
            idle_timeout = 60
        }}
        $INCLUDE ${{modconfdir}}/sql/main/sqlite/queries.conf
    }}
}}
policy {{
    class_value_prefix = 'ai:'
    $INCLUDE ${{raddbdir}}/policy.d/accounting
}}
server default {{
    listen {{
        type = acct
        ipaddr = 127.0.0.1
        port = {port}
    }}
    preacct {{
        acct_unique
    }}
    accounting {{
        detail
        sql
    }}
}}
"""


class AccountingServer:
    """A FreeRADIUS of our own; its files are `detail` and `radius.db` in `folder`."""

    def __init__(self, folder: Path, zone: str = "UTC"):
        folder.mkdir()
        self.folder = folder
        self.port = environment.free_port()
        (folder / "radiusd.conf").write_text(
            CONFIGURATION.format(folder=folder, secret=SECRET, port=self.port))
        self.daemon = Daemon("freeradius", ["/usr/sbin/freeradius", "-f", "-l", "stdout", "-x", "-d", folder,
                                            "-n", "radiusd"], folder / "log", {"TZ": zone})

    def __enter__(self) -> "AccountingServer":
        self.daemon.start()
        self.daemon.wait_until(lambda: "Ready to process" in (self.folder / "log").read_text(), 20, "readiness")
        return self

    def __exit__(self, *_) -> None:
        self.daemon.stop()

    def tell(self, status: str, **attributes) -> None:
        """Send one accounting request; underscores in names stand for hyphens."""
        lines = [f"Acct-Status-Type = {status}"]
        for name, value in attributes.items():
            escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
            text = f'"{escaped}"' if name in ("User_Name", "Acct_Session_Id", "NAS_Identifier") else value
            lines.append(f"{name.replace('_', '-')} = {text}")
        file = self.folder / "request"
        file.write_text("\n".join(lines) + "\n")
        run_checked(["radclient", "-f", file, f"127.0.0.1:{self.port}", "acct", SECRET])
