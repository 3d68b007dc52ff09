/*
 * Two tables of the Swift runtime that nobody here asks for: the names of Unicode's characters and
 * their aliases, half a megabyte. The shipped library is linked with --wrap of the functions that
 * read them, so that these take their place and the tables are left out.
 */
#include <stdint.h>

intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity);
const char *__wrap__swift_stdlib_getNameAlias(uint32_t scalar);

intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity)
{
    (void)scalar;
    (void)buffer;
    (void)capacity;
    return 0;
}

const char *__wrap__swift_stdlib_getNameAlias(uint32_t scalar)
{
    (void)scalar;
    return 0;
}
