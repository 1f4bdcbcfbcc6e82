/*
 * Writes the tables behind src/clean/unicode.c, out of the libunistring that fnward is built
 * with: for each code point and form its combining class where normalisation leaves it alone
 * whatever stands before it, else NORMAL_ASK. What Unicode has not assigned yet is asked for as
 * well, since a later library may know it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uninorm.h>

enum { CODES = 0x110000, BLOCK = 128, BLOCKS = CODES / BLOCK, ASK = 255 };

static bool joins_before[CODES]; /* is second of a pair that is composed */
static unsigned char classes[CODES];

static void find_joining(void)
{
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];

    for (ucs4_t c = 0; c < CODES; c++) {
        int n = uc_canonical_decomposition(c, parts);

        if (n == 2 && uc_composition(parts[0], parts[1]) == c)
            joins_before[parts[1]] = true;
    }
}

static bool is_surrogate(ucs4_t c)
{
    return c >= 0xd800 && c <= 0xdfff;
}

static bool stays(ucs4_t c, uninorm_t form)
{
    uint32_t out[64];
    size_t n = sizeof(out) / sizeof(*out);

    return u32_normalize(form, &c, 1, out, &n) == out && n == 1 && out[0] == c;
}

static bool begins_joining(ucs4_t c, uninorm_t decomposed)
{
    uint32_t out[64];
    size_t n = sizeof(out) / sizeof(*out);

    return u32_normalize(decomposed, &c, 1, out, &n) != out || !n || joins_before[out[0]];
}

static unsigned char class_of(ucs4_t c, uninorm_t form)
{
    if (is_surrogate(c))
        return 0;
    if (uc_is_general_category(c, UC_UNASSIGNED) || joins_before[c] || !stays(c, form) ||
        begins_joining(c, uninorm_decomposing_form(form)))
        return ASK;
    return (unsigned char)uc_combining_class(c);
}

static void write_block(const unsigned char *block)
{
    printf("    {");
    for (int i = 0; i < BLOCK; i++)
        printf("%d%s", block[i], i + 1 < BLOCK ? "," : "},\n");
}

static void write_tables(const char *name, uninorm_t form)
{
    static unsigned index[BLOCKS], first[BLOCKS];
    unsigned count = 0;

    for (ucs4_t c = 0; c < CODES; c++)
        classes[c] = class_of(c, form);
    for (unsigned b = 0; b < BLOCKS; b++) {
        unsigned i = 0;

        while (i < count && memcmp(classes + first[i] * BLOCK, classes + b * BLOCK, BLOCK) != 0)
            i++;
        index[b] = i;
        if (i == count)
            first[count++] = b;
    }
    printf("static const unsigned char %s_blocks[%u][NORMAL_BLOCK] = {\n", name, count);
    for (unsigned i = 0; i < count; i++)
        write_block(classes + first[i] * BLOCK);
    printf("};\nstatic const uint16_t %s_index[%d] = {", name, BLOCKS);
    for (unsigned b = 0; b < BLOCKS; b++)
        printf("%u,", index[b]);
    printf("};\n");
}

int main(void)
{
    find_joining();
    /* The vowels and final consonants of Hangul are composed by rule. */
    for (ucs4_t c = 0x1161; c <= 0x1175; c++)
        joins_before[c] = true;
    for (ucs4_t c = 0x11a8; c <= 0x11c2; c++)
        joins_before[c] = true;
    printf("/* Made by tools/normal_tables.c. */\n#include <stdint.h>\n\n"
           "enum { NORMAL_BLOCK = %d, NORMAL_ASK = %d };\n",
           BLOCK, ASK);
    write_tables("nfc", UNINORM_NFC);
    write_tables("nfkc", UNINORM_NFKC);
    return fflush(stdout) != 0 || ferror(stdout);
}
