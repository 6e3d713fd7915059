// Frame Streams: the handshake and framing of dnstap.
#ifndef PONOR_CFSTRM_SHIM_H
#define PONOR_CFSTRM_SHIM_H

#include <fstrm.h>

#endif
