/* A vector a line in; its base, temporal and environmental score in tenths out, or "invalid". */
#include "cvss/cvss.h"

int main(void)
{
    char line[CVSS_VECTOR_MAX + 2];

    while (fgets(line, sizeof(line), stdin)) {
        struct err e = {0};
        struct cvss c;

        if (cvss_read(str_trim(str_of(line)), &c, &e))
            printf("%u %u %u\n", c.base, c.temporal, c.environmental);
        else
            puts("invalid");
    }
    return 0;
}
