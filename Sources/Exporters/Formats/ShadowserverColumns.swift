/// Shadowserver's published columns, as data.
///
/// Taken from The-Shadowserver-Foundation/report_schema, `reports.json`, commit 8e06fb9
/// (2026-03-24). Readers go by the header, the order "is not static"; columns have been added over
/// the years, so a new version is a new list here and nothing else.
package enum ShadowserverColumns {
  /// The version the lists follow.
  package static let version = "report_schema 8e06fb9 (2026-03-24)"

  /// Columns of `event4_sinkhole` and of `event6_sinkhole`.
  package static let sinkhole = [
    "timestamp", "protocol", "src_ip", "src_port", "src_asn", "src_geo", "src_region", "src_city",
    "src_hostname", "src_naics", "src_sector", "device_vendor", "device_type", "device_model",
    "severity", "dst_ip", "dst_port", "dst_asn", "dst_geo", "dst_region", "dst_city",
    "dst_hostname", "dst_naics", "dst_sector", "public_source", "infection", "family", "tag",
    "application", "version", "event_id", "ssl_cipher", "ssl_servername",
  ]

  /// Columns of `event4_sinkhole_dns`.
  package static let sinkholeDNS = [
    "timestamp", "protocol", "src_ip", "src_port", "src_asn", "src_geo", "src_region", "src_city",
    "src_hostname", "src_naics", "src_sector", "device_vendor", "device_type", "device_model",
    "severity", "infection", "family", "tag", "query_type", "query", "count",
  ]

  /// Columns that the option `withQuery` appends to the first list.
  ///
  /// They are those of `event4_sinkhole_dns` that the sinkhole report lacks. IntelMQ keeps them as
  /// `extra.*`; strict column checks refuse them.
  package static let query = ["query", "query_type", "count"]
}
