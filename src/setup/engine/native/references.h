// Included before each file of tfjs-node's binding: what it gives back goes through us.
#pragma once
#include <node_api.h>

/** As napi_delete_reference, on any thread. See references.cc. */
napi_status lab_delete_reference(napi_env env, napi_ref ref);

#define napi_delete_reference lab_delete_reference
