// zlib's functions on gzip files.
#include <zlib.h>
