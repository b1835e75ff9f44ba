/*
 * The independent UDF reader, against volumes that others made: it takes them as right, but for the rules
 * that they are known to break, and finds in them what was put in.
 */
#include "helpers/udf_check.h"
#include "helpers/udf_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ALL_ALLOWED 0x7Fu
#define LINUX_ALLOWED (UDF_CHECK_ALLOW_WRITABLE | UDF_CHECK_ALLOW_SPARSE | UDF_CHECK_ALLOW_SYMLINKS)

static const struct
{
    const char *name;
    unsigned revision, allow;
} volumes[] =
{
    { "mkudffs-102-dvd", 0x0102, UDF_CHECK_ALLOW_WRITABLE },
    { "mkudffs-150-dvd", 0x0150, UDF_CHECK_ALLOW_WRITABLE },
    { "mkudffs-200-dvd", 0x0200, UDF_CHECK_ALLOW_WRITABLE },
    { "mkudffs-201-dvd", 0x0201, UDF_CHECK_ALLOW_WRITABLE },
    { "linux-102-hd", 0x0102, LINUX_ALLOWED },
    { "linux-102-dvdram", 0x0102, LINUX_ALLOWED },
    { "linux-150-hd", 0x0150, LINUX_ALLOWED },
    { "linux-200-hd", 0x0200, LINUX_ALLOWED },
    { "linux-201-hd", 0x0201, LINUX_ALLOWED },
    { "linux-201-hd-long", 0x0201, LINUX_ALLOWED },
    { "linux-201-hd-noefe", 0x0201, LINUX_ALLOWED },
    { "linux-201-dvdrw", 0x0201, LINUX_ALLOWED | UDF_CHECK_ALLOW_SPARABLE },
    { "linux-201-cdrw", 0x0201, LINUX_ALLOWED | UDF_CHECK_ALLOW_SPARABLE },
    { "genisoimage-102", 0x0102, UDF_CHECK_ALLOW_ODD_RESERVE },
    { "pycdlib-102", 0x0102,
      UDF_CHECK_ALLOW_LONG_CRC | UDF_CHECK_ALLOW_ODD_RESERVE | UDF_CHECK_ALLOW_ODD_UNIQUE_IDS },
};

#define VOLUME_COUNT (sizeof(volumes) / sizeof(*volumes))

static void volumes_of_others_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < VOLUME_COUNT; i++)
    {
        struct udf_check_expect expect = { volumes[i].revision, volumes[i].allow, 0, NULL };
        size_t size;
        uint8_t *bytes = udf_kit_load(volumes[i].name, &size);
        FILE *file = udf_kit_file(bytes, size);
        char message[500];

        if (udf_check(file, &expect, NULL, message, sizeof(message)))
            fail_msg("%s: %s", volumes[i].name, message);
        fclose(file);
        free(bytes);
    }
}

/* Without any one option that it needs, or in another revision, a volume is wrong. */
static void each_allowance_is_needed(void **state)
{
    (void)state;
    for (size_t i = 0; i < VOLUME_COUNT; i++)
    {
        size_t size;
        uint8_t *bytes = udf_kit_load(volumes[i].name, &size);
        FILE *file = udf_kit_file(bytes, size);
        char message[500];

        for (unsigned option = 1; option <= ALL_ALLOWED; option *= 2)
        {
            struct udf_check_expect expect = { 0, volumes[i].allow & ~option, 0, NULL };

            if (!(volumes[i].allow & option)) continue;
            if (!udf_check(file, &expect, NULL, message, sizeof(message)))
                fail_msg("%s does not need option %X", volumes[i].name, option);
        }
        for (size_t j = 0; j < VOLUME_COUNT; j++)
        {
            struct udf_check_expect expect = { volumes[j].revision, ALL_ALLOWED, 0, NULL };
            int same = volumes[i].revision == volumes[j].revision;

            assert_int_equal(!udf_check(file, &expect, NULL, message, sizeof(message)), same);
        }
        fclose(file);
        free(bytes);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(volumes_of_others_are_right),
        cmocka_unit_test(each_allowance_is_needed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
