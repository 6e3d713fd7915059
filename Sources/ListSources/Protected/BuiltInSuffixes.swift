// Suffixes below which strangers register names: the suffix is protected, names below it are not.
// Written for Ponor, the frequent ones only; a rarer one belongs into the operator's allow list.

/// Second levels of country-code domains.
let sharedCountrySuffixes = ProtectedGroup(
  scope: .sharedSuffix,
  names: [
    "ac.at", "ac.in", "ac.jp", "ac.nz", "ac.th", "ac.uk", "ac.za", "co.at", "co.id", "co.il",
    "co.in", "co.jp", "co.ke", "co.kr", "co.nz", "co.th", "co.uk", "co.ve", "co.za", "com.ar",
    "com.au", "com.bd", "com.br", "com.cn", "com.co", "com.cy", "com.de", "com.ec", "com.eg",
    "com.es", "com.gr", "com.hk", "com.hr", "com.kw", "com.lb", "com.mt", "com.mx", "com.my",
    "com.ng", "com.np", "com.pe", "com.ph", "com.pk", "com.pl", "com.pt", "com.py", "com.ro",
    "com.ru", "com.sa", "com.sg", "com.tr", "com.tw", "com.ua", "com.uy", "com.ve", "com.vn",
    "edu.au", "edu.br", "edu.cn", "edu.pl", "edu.tr", "gob.ar", "gob.es", "gob.mx", "gouv.fr",
    "gov.au", "gov.br", "gov.cn", "gov.in", "gov.pl", "gov.tr", "gov.uk", "gov.za", "gv.at",
    "in.ua", "info.pl", "ltd.uk", "me.uk", "msk.ru", "ne.jp", "net.au", "net.br", "net.cn",
    "net.in", "net.nz", "net.pl", "net.ru", "net.tr", "net.ua", "net.uk", "nhs.uk", "or.at",
    "or.jp", "or.kr", "org.au", "org.br", "org.cn", "org.in", "org.nz", "org.pl", "org.ru",
    "org.tr", "org.uk", "org.za", "plc.uk", "pp.ru", "pp.ua", "sch.uk", "spb.ru", "waw.pl",
  ])

/// Hosting platforms that give each customer a name.
let sharedHostingSuffixes = ProtectedGroup(
  scope: .sharedSuffix,
  names: [
    "amazonaws.com", "appspot.com", "azureedge.net", "azurewebsites.net", "blogspot.com",
    "cloudapp.azure.com", "cloudapp.net", "cloudfront.net", "core.windows.net", "firebaseapp.com",
    "fly.dev", "github.io", "gitlab.io", "glitch.me", "googleusercontent.com", "herokuapp.com",
    "myshopify.com", "netlify.app", "ngrok-free.app", "ngrok.io", "onrender.com",
    "pages.dev", "r2.dev", "sharepoint.com", "t.me", "trafficmanager.net", "trycloudflare.com",
    "tumblr.com", "vercel.app", "web.app", "weebly.com", "wixsite.com", "wordpress.com",
    "workers.dev",
  ])

/// Dynamic DNS: some families make names below these.
let sharedDynamicSuffixes = ProtectedGroup(
  scope: .sharedSuffix,
  names: [
    "afraid.org", "changeip.com", "chickenkiller.com", "ddns.net", "duckdns.org", "dyn.com",
    "dynamic-dns.net", "dyndns.org", "dynserv.com", "dynu.com", "dynu.net", "freeddns.org",
    "hopto.org", "mooo.com", "myftp.org", "myvnc.com", "no-ip.biz", "no-ip.com", "no-ip.info",
    "no-ip.org", "redirectme.net", "selfip.com", "servebeer.com", "serveblog.net", "serveftp.com",
    "servegame.com", "sytes.net", "us.to", "yi.org", "zapto.org",
  ])
