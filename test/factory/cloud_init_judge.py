# What Debian's cloud-init makes of configurations: reads {"kind": "user" or "network", "text"} a line, writes a line of JSON each.
import json
import logging
import sys

import yaml
from cloudinit.config import cc_set_passwords, cc_write_files  # noqa: F401
from cloudinit.distros import ug_util
from cloudinit.net import network_state
from cloudinit.util import shellify

logging.disable(logging.CRITICAL)


class Distro:
    def get_default_user(self):
        return {"name": "kubesolo"}


def network(config):
    state = network_state.parse_net_config_data(config, skip_broken=False)
    links = {}
    for iface in state.iter_interfaces():
        subnets = iface.get("subnets") or []
        fixed = [s for s in subnets if s.get("type") in ("static", "static6")]
        mtus = [s["mtu"] for s in fixed if s.get("mtu") and ":" not in s["address"]]
        links[iface["name"]] = {
            "dhcp4": any(s.get("type") in ("dhcp", "dhcp4") for s in subnets),
            "addresses": sorted(f"{s['address']}/{s['prefix']}" for s in fixed),
            "routes": sorted(
                [f"{r['network']}/{r['prefix']}", r.get("gateway"), r.get("metric")]
                for s in subnets
                for r in s.get("routes", [])
            ),
            "gateways": sorted(s["gateway"] for s in fixed if s.get("gateway")),
            "mtu": (mtus or [iface.get("mtu")])[-1],
        }
    return links


def user(config):
    users, _groups = ug_util.normalize_users_groups(config, Distro())
    default, _ = ug_util.extract_default(dict(users))
    named = {}
    for name, said in users.items():
        groups = said.get("groups") or []
        if isinstance(groups, str):
            groups = groups.split(",")
        flat = sorted({g.strip() for each in groups for g in str(each).split(",") if g.strip()})
        named[name] = {"groups": flat, "shell": said.get("shell")}
    return {
        "users": named,
        "default": default,
        "runcmd": shellify(config.get("runcmd") or [], add_header=False),
        "files": [
            [f["path"], cc_write_files.decode_perms(f.get("permissions"), 0o644), f.get("content")]
            for f in config.get("write_files") or []
        ],
    }


for line in sys.stdin:
    asked = json.loads(line)
    try:
        config = yaml.safe_load(asked["text"])
        answer = network(config) if asked["kind"] == "network" else user(config)
    except Exception as error:  # whatever it breaks at
        answer = {"error": type(error).__name__}
    print(json.dumps(answer))
