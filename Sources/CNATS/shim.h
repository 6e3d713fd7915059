// The client library of NATS, with JetStream.
#ifndef PONOR_CNATS_SHIM_H
#define PONOR_CNATS_SHIM_H

#include <nats/nats.h>

#endif
