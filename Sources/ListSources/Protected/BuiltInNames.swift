// Written for Ponor from general knowledge of who runs what; no list of others was copied. It is a
// last line of defence, short on purpose: an operator adds a popularity file of their own.

/// A group of names protected for the same reason.
struct ProtectedGroup {
  var scope = ProtectedNames.Scope.tree
  var names: [String]
}

/// All built-in groups; names are sorted within each.
let protectedGroups: [ProtectedGroup] = [
  // The DNS itself: losing these breaks resolution for everyone.
  ProtectedGroup(names: [
    "arpa", "gtld-servers.net", "iana-servers.net", "iana.org", "icann.org", "internic.net",
    "localhost", "nic.uk", "nstld.com", "root-servers.net", "verisign-grs.com",
  ]),
  // Address registries: reverse zones and routing data depend on them.
  ProtectedGroup(names: ["afrinic.net", "apnic.net", "arin.net", "lacnic.net", "ripe.net"]),
  // DNS hosting: the name servers of millions of zones.
  ProtectedGroup(names: [
    "akam.net", "azure-dns.com", "azure-dns.info", "azure-dns.net", "azure-dns.org",
    "cloudflare.com", "dnsmadeeasy.com", "domaincontrol.com", "dynect.net", "gandi.net",
    "googledomains.com", "hetzner.com", "nsone.net", "ovh.net", "registrar-servers.com",
    "ui-dns.com", "ultradns.com", "ultradns.net", "worldnic.com",
  ]),
  // Public resolvers and the names encrypted DNS is bootstrapped with.
  ProtectedGroup(names: [
    "adguard-dns.com", "alidns.com", "cleanbrowsing.org", "cloudflare-dns.com", "dns.google",
    "joindns4.eu", "mullvad.net", "nextdns.io", "one.one", "opendns.com", "quad9.net",
    "umbrella.com",
  ]),
  // Time: without it certificates and DNSSEC signatures fail.
  ProtectedGroup(names: ["nist.gov", "ntp.org", "ptb.de"]),
  // Microsoft: updates, sign-in, mail, connectivity checks.
  ProtectedGroup(names: [
    "azure.com", "bing.com", "hotmail.com", "live.com", "login.windows.net", "microsoft.com",
    "microsoftonline.com", "msedge.net", "msftconnecttest.com", "msftncsi.com", "msn.com",
    "office.com", "office.net", "office365.com", "outlook.com", "skype.com", "windows.com",
    "windowsupdate.com", "xboxlive.com",
  ]),
  // Apple: updates, push, connectivity checks.
  ProtectedGroup(names: [
    "aaplimg.com", "apple-dns.net", "apple.com", "icloud.com", "mzstatic.com",
  ]),
  // Google and Android: search, updates, connectivity checks, public keys.
  ProtectedGroup(names: [
    "1e100.net", "android.com", "chrome.com", "doubleclick.net", "ggpht.com", "gmail.com",
    "google-analytics.com", "google.com", "googleapis.com", "googlevideo.com", "gstatic.com",
    "gvt1.com", "gvt2.com", "pki.goog", "youtube.com", "ytimg.com",
  ]),
  // Free operating systems and browsers: package mirrors, connectivity checks.
  ProtectedGroup(names: [
    "almalinux.org", "archlinux.org", "canonical.com", "debian.org", "fedoraproject.org",
    "firefox.com", "freebsd.org", "gnome.org", "gnu.org", "kde.org", "kernel.org",
    "mozilla.com", "mozilla.net", "mozilla.org", "openbsd.org", "opensuse.org", "redhat.com",
    "rockylinux.org", "snapcraft.io", "suse.com", "ubuntu.com",
  ]),
  // Devices: firmware updates of phones, consoles, routers, televisions.
  ProtectedGroup(names: [
    "avm.de", "cisco.com", "dell.com", "hp.com", "huawei.com", "intel.com", "lenovo.com",
    "mikrotik.com", "nintendo.net", "playstation.net", "samsung.com", "sonos.com",
    "synology.com", "tp-link.com", "ubnt.com", "xiaomi.com",
  ]),
  // Certificates: issuance, OCSP and revocation lists.
  ProtectedGroup(names: [
    "actalis.it", "amazontrust.com", "buypass.com", "certum.pl", "comodoca.com", "digicert.com",
    "entrust.net", "geotrust.com", "globalsign.com", "globalsign.net", "godaddy.com",
    "identrust.com", "lencr.org", "letsencrypt.org", "quovadisglobal.com", "sectigo.com",
    "ssl.com", "starfieldtech.com", "swisssign.net", "symcb.com", "symcd.com", "telesec.de",
    "thawte.com", "usertrust.com", "verisign.com", "zerossl.com",
  ]),
  // Large mail providers.
  ProtectedGroup(names: [
    "aol.com", "comcast.net", "fastmail.com", "gmx.de", "gmx.net", "mail.ru", "orange.fr",
    "proton.me", "protonmail.com", "qq.com", "t-online.de", "web.de", "yahoo.com",
    "yahoodns.net", "yandex.net", "yandex.ru", "zoho.com",
  ]),
  // Content delivery whose names are not handed out to strangers.
  ProtectedGroup(names: [
    "akadns.net", "akamai.net", "akamaiedge.net", "cdn-apple.com", "cloudflare.net",
    "edgekey.net", "edgesuite.net", "fastly.net", "fbcdn.net", "jsdelivr.net", "llnwd.net",
    "nflxvideo.net", "tiktokcdn.com", "unpkg.com",
  ]),
  // What customers call about within minutes.
  ProtectedGroup(names: [
    "alibaba.com", "amazon.com", "baidu.com", "discord.com", "duckduckgo.com", "ebay.com",
    "facebook.com", "instagram.com", "linkedin.com", "netflix.com", "paypal.com",
    "reddit.com", "signal.org", "slack.com", "spotify.com", "steampowered.com", "telegram.org",
    "tiktok.com", "twitter.com", "whatsapp.com", "whatsapp.net", "wikimedia.org",
    "wikipedia.org", "x.com", "zoom.us",
  ]),
  // Software supply: package registries and source hosting.
  ProtectedGroup(names: [
    "crates.io", "docker.com", "docker.io", "github.com", "githubusercontent.com", "gitlab.com",
    "golang.org", "maven.org", "npmjs.com", "npmjs.org", "pypi.org", "pythonhosted.org",
    "rubygems.org", "swift.org",
  ]),
  // Those who help the infected: cleaners must be reachable from an infected line.
  ProtectedGroup(names: [
    "abuse.ch", "avast.com", "avira.com", "bitdefender.com", "clamav.net", "crowdstrike.com",
    "drweb.com", "eset.com", "f-secure.com", "first.org", "kaspersky.com", "malwarebytes.com",
    "mcafee.com", "shadowserver.org", "sophos.com", "spamhaus.org", "symantec.com",
    "trendmicro.com", "virustotal.com",
  ]),
  sharedCountrySuffixes, sharedHostingSuffixes, sharedDynamicSuffixes,
]

extension ProtectedNames {
  /// The built-in names by group, as they stand in the source, for tests and documentation.
  package static var builtInGroups: [[String]] { protectedGroups.map(\.names) }
}
