/* CVSS vectors: whatever is read has scores of their range. */
#include "cvss/cvss.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {0};
    struct cvss c;

    if (cvss_read((str){(const char *)data, size}, &c, &e) &&
        (c.base > 100 || c.temporal > 100 || c.environmental > 100))
        abort();
    return 0;
}
