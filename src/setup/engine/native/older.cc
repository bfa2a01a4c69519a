// A compiler from GCC 11 on calls a function of libstdc++ that older distributions lack (GLIBCXX_3.4.29); it is the one
// thing in the binding that is newer than what TensorFlow itself needs (3.4.22). With one of our own the binding loads
// wherever TensorFlow does. Linking libstdc++ in would not do: it needs the C library of the machine that compiles.
#include <new>

#ifdef __GLIBCXX__
namespace std {
__attribute__((visibility("hidden"))) void __throw_bad_array_new_length() { throw bad_array_new_length(); }
}  // namespace std
#endif
