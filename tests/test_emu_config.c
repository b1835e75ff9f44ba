/*
 * Names of media and the configuration text.
 */
#include "helpers/emu_kit.h"

static void media_are_named_with_a_capacity(void **state)
{
    static const struct { const char *text, *name; uint32_t blocks; } good[] =
    {
        { "cd-r", "cd-r", 359849 }, { "CD-RW 74min", "cd-rw", 333000 }, { "cd-r 650MB", "cd-r", 333000 },
        { "cd-r 99min", "cd-r", 445500 }, { "dvd+r", "dvd+r", 2295104 },
        { " dvd+rw  4.7gb ", "dvd+rw", 2295104 }, { "dvd+r 4096", "dvd+r", 4096 },
        { "bd-r", "bd-r", 12219392 }, { "bd-re 50GB", "bd-re", 24438784 },
        { "none", "none", 0 },
    };
    static const char *const bad[] =
    {
        "", "dvd", "cd-r 12 apples", "cd-r 0", "cd-r 1000000", "dvd+r 4097", "dvd+r 16", "none 700mb",
        "cd-rx",
        "cd-r 80min x", "cd-r -1024", "cd-r 99999999999999999999", "bd-r 4.7gb",
    };
    const char *name;
    uint32_t blocks;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); ++i)
    {
        assert_int_equal(emu_medium_parse(good[i].text, &name, &blocks), OI_OK);
        assert_string_equal(name, good[i].name);
        assert_int_equal(blocks, good[i].blocks);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i)
    {
        assert_int_equal(emu_medium_parse(bad[i], NULL, NULL), OI_INVALID_ARGUMENT);
    }
    assert_int_equal(emu_medium_parse("dvd-ram", NULL, NULL), OI_NOT_SUPPORTED);
    assert_int_equal(emu_medium_parse("dvd-r", NULL, NULL), OI_NOT_SUPPORTED);
    assert_string_equal(emu_medium_name(0), "cd-r");
    assert_string_equal(emu_medium_name(6), "none");
    assert_null(emu_medium_name(7));
}

static void a_text_gives_recorders(void **state)
{
    static const char text[] = "\xEF\xBB\xBF; two drives\r\n\r\n[Burner]\r\n"
                               "medium = dvd+r\r\nDisc=C:\\discs\\a b.iso\r\n"
                               "  LETTER = x:\\  \r\n# slow\nSpeed = 16x\nFaults=f.txt\n[ Empty ]";
    struct emu_recorder_config *configs;
    struct emu_options options;
    size_t count, line = 99;

    (void)state;
    assert_int_equal(emu_config_parse(text, sizeof(text) - 1, &configs, &count, &line), OI_OK);
    assert_int_equal(count, 2);
    assert_string_equal(configs[0].name, "Burner");
    assert_string_equal(configs[0].medium, "dvd+r");
    assert_string_equal(configs[0].disc, "C:\\discs\\a b.iso");
    assert_string_equal(configs[0].faults, "f.txt");
    assert_int_equal(configs[0].letter, 'X');
    assert_int_equal(configs[0].speed, 16);
    assert_string_equal(configs[1].name, "Empty");
    assert_null(configs[1].medium);
    assert_null(configs[1].disc);
    assert_int_equal(configs[1].letter, 0);

    emu_options_from_config(&configs[0], &options);
    assert_string_equal(options.medium, "dvd+r");
    assert_int_equal(options.speed, 16);
    assert_int_equal(options.times.close_session, 20000);
    emu_options_from_config(&configs[1], &options);
    assert_string_equal(options.medium, "none");
    assert_int_equal(options.times.close_session, 0);
    emu_config_free(configs, count);

    assert_int_equal(emu_config_parse("", 0, &configs, &count, NULL), OI_OK);
    assert_int_equal(count, 0);
    assert_null(configs);
}

static void mistakes_are_told_by_line(void **state)
{
    static const struct { const char *text; size_t line; } bad[] =
    {
        { "Medium=cd-r\n", 1 },                                         /* in no recorder */
        { "[a]\nMedium=cd-r\n[b]\n", 3 },                               /* a has no disc */
        { "[a]\nMedium=cd-r", 2 },
        { "[a]\nMedium=dvd-ram\nDisc=x\n", 2 },
        { "[a]\n\nMedium=tape\n", 3 },
        { "[a]\nColour=red\n", 2 },
        { "[a]\nnothing\n", 2 },
        { "[a\n", 1 },
        { "[]\n", 1 },
        { "[a]\n[A]\n", 2 },                                            /* the same name */
        { "[a]\nLetter=4\n", 2 },
        { "[a]\nLetter=DE\n", 2 },
        { "[a]\nLetter=D\n[b]\nLetter=d:\n", 4 },                       /* the same letter */
        { "[a]\nSpeed=fast\n", 2 },
        { "[a]\nSpeed=\n", 2 },
        { "[a]\nSpeed=1000\n", 2 },
    };
    struct emu_recorder_config *configs;
    size_t count, line;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i)
    {
        line = 0;
        assert_int_equal(emu_config_parse(bad[i].text, strlen(bad[i].text), &configs, &count, &line),
                         OI_INVALID_ARGUMENT);
        assert_int_equal(line, bad[i].line);
        assert_null(configs);
        assert_int_equal(count, 0);
    }
    assert_int_equal(emu_config_parse("[a]\0", 4, &configs, &count, &line), OI_INVALID_ARGUMENT);
}

static void single_values_are_set_for_the_registry_reader(void **state)
{
    struct emu_recorder_config config = { 0 };

    (void)state;
    assert_int_equal(emu_config_set(&config, "Medium", "bd-re"), OI_OK);
    assert_int_equal(emu_config_check(&config), OI_INVALID_ARGUMENT);
    assert_int_equal(emu_config_set(&config, "disc", "x.iso"), OI_OK);
    assert_int_equal(emu_config_check(&config), OI_OK);
    assert_int_equal(emu_config_set(&config, "Letter", "q"), OI_OK);
    assert_int_equal(config.letter, 'Q');
    assert_int_equal(emu_config_set(&config, "Letter", ""), OI_OK);
    assert_int_equal(config.letter, 0);
    assert_int_equal(emu_config_set(&config, "Faults", ""), OI_OK);
    assert_null(config.faults);
    assert_int_equal(emu_config_set(&config, "Weight", "1"), OI_NOT_FOUND);
    assert_int_equal(emu_config_set(&config, "Medium", "stone"), OI_INVALID_ARGUMENT);
    assert_string_equal(config.medium, "bd-re");
    emu_config_clear(&config);
    assert_null(config.disc);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(media_are_named_with_a_capacity),
        cmocka_unit_test(a_text_gives_recorders),
        cmocka_unit_test(mistakes_are_told_by_line),
        cmocka_unit_test(single_values_are_set_for_the_registry_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
