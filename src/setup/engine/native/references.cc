// A tensor made of a typed array shares its memory with it, and the binding holds a reference to the array until
// TensorFlow needs the memory no more. TensorFlow says so on whichever thread used it last, now and then one of its own:
// some ten times in a thousand steps of the GPT lesson. Node-API may be called on JavaScript's thread alone; anywhere
// else it damages V8's list of references, and the process dies, at once or much later.
#include "references.h"
#undef napi_delete_reference

#include <mutex>
#include <thread>
#include <vector>

namespace {

struct Returned {
  napi_env env;
  napi_ref ref;
};

// The trainer loads the binding once, on the thread that runs JavaScript.
const std::thread::id javascript = std::this_thread::get_id();
std::mutex mutex;
// Given back elsewhere; deleted with the next one that is given back on JavaScript's thread, which each step does.
std::vector<Returned> waiting;

}  // namespace

napi_status lab_delete_reference(napi_env env, napi_ref ref) {
  std::vector<Returned> here;
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (std::this_thread::get_id() != javascript) {
      waiting.push_back({env, ref});
      return napi_ok;
    }
    here.swap(waiting);
  }
  for (const Returned &returned : here) napi_delete_reference(returned.env, returned.ref);
  return napi_delete_reference(env, ref);
}
