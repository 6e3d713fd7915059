// The client library of Redis.
#ifndef PONOR_CHIREDIS_SHIM_H
#define PONOR_CHIREDIS_SHIM_H

#include <hiredis/hiredis.h>

#endif
