/* Calendar arithmetic: seconds since 1970 to the fields of a date and back, proleptic Gregorian, UTC. */
#include "openimapi/text.h"

#define SECONDS_A_DAY 86400
#define DAYS_400_YEARS 146097           /* the calendar repeats after so many days */
#define DAYS_TO_1970 719468             /* from 1 March of year 0 */

void text_date_from_seconds(int64_t seconds, struct text_date *date)
{
    int64_t days = seconds / SECONDS_A_DAY, rest = seconds % SECONDS_A_DAY;
    int64_t era, day_of_era, year_of_era, day_of_year, month, year;

    if (rest < 0)
    {
        rest += SECONDS_A_DAY;
        days--;
    }
    /* Years that begin on 1 March have the leap day at their end: months then have a regular pattern. */
    days += DAYS_TO_1970;
    era = (days >= 0 ? days : days - (DAYS_400_YEARS - 1)) / DAYS_400_YEARS;
    day_of_era = days - era * DAYS_400_YEARS;
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    month = (5 * day_of_year + 2) / 153;
    year = year_of_era + era * 400 + (month >= 10);

    date->year = year > INT32_MAX ? INT32_MAX : year < INT32_MIN ? INT32_MIN : (int32_t)year;
    date->month = (uint8_t)(month < 10 ? month + 3 : month - 9);
    date->day = (uint8_t)(day_of_year - (153 * month + 2) / 5 + 1);
    date->hour = (uint8_t)(rest / 3600);
    date->minute = (uint8_t)(rest / 60 % 60);
    date->second = (uint8_t)(rest % 60);
}

int64_t text_date_to_seconds(const struct text_date *date)
{
    int64_t year = (int64_t)date->year - (date->month <= 2);
    int64_t month = date->month > 2 ? date->month - 3 : date->month + 9;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * month + 2) / 5 + date->day - 1;
    int64_t days = era * DAYS_400_YEARS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
                   day_of_year - DAYS_TO_1970;

    return days * SECONDS_A_DAY + date->hour * 3600 + date->minute * 60 + date->second;
}
