/* Compiled so that a change of the header rebuilds what imports it. */
#include "interlock.h"
