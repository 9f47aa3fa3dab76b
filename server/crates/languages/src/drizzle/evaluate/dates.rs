//! Dates as milliseconds since 1970, in UTC. What depends on the machine's time zone or clock is not a value.

/// `new Date(ms).toISOString()`.
pub(crate) fn iso_date(milliseconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "JavaScript dates are whole and within ±8.64e15")]
    let total = milliseconds as i64;
    let (days, in_day) = (total.div_euclid(86_400_000), total.rem_euclid(86_400_000));
    let (year, month, day) = civil(days);
    let (seconds, millis) = (in_day / 1000, in_day % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let year = if (0..=9999).contains(&year) {
        format!("{year:04}")
    } else {
        format!("{}{:06}", if year < 0 { '-' } else { '+' }, year.abs())
    };
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// `Date.parse` of the ISO forms that do not depend on a time zone: a date alone, or a time with `Z` or an offset.
pub(super) fn parse_date(text: &str) -> Option<f64> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let year = parts.next()??;
    let month = parts.next().unwrap_or(Some(1))?;
    let day = parts.next().unwrap_or(Some(1))?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let midnight = days_from_civil(year, month, day) * 86_400_000;
    let in_day = match time {
        None => 0,
        Some(time) => parse_time(time)?,
    };
    #[expect(clippy::cast_precision_loss, reason = "dates are far below 2^53")]
    Some((midnight + in_day) as f64)
}

/// Milliseconds of `HH:MM[:SS[.mmm]](Z|±HH:MM)`.
fn parse_time(time: &str) -> Option<i64> {
    let (clock, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None => {
            let at = time.rfind(['+', '-'])?;
            let (clock, zone) = time.split_at(at);
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
            let hours: i64 = digits.get(..2)?.parse().ok()?;
            let minutes: i64 = digits.get(2..4).unwrap_or("0").parse().ok()?;
            (clock, sign * (hours * 60 + minutes) * 60_000)
        }
    };
    let mut parts = clock.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "below 60,000")]
    let milliseconds = (seconds * 1000.0).round() as i64;
    Some((hours * 60 + minutes) * 60_000 + milliseconds - offset)
}

/// `Date.UTC(year, month from 0, day, hours, minutes, seconds, milliseconds)`.
pub(super) fn utc(parts: &[f64]) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "calendar numbers are small")]
    let at = |index: usize, otherwise: i64| parts.get(index).map_or(otherwise, |part| *part as i64);
    let months = at(0, 1970) * 12 + at(1, 0);
    let days = days_from_civil(months.div_euclid(12), months.rem_euclid(12) + 1, 1) + at(2, 1) - 1;
    let time = ((at(3, 0) * 60 + at(4, 0)) * 60 + at(5, 0)) * 1000 + at(6, 0);
    #[expect(clippy::cast_precision_loss, reason = "dates are far below 2^53")]
    let value = (days * 86_400_000 + time) as f64;
    value
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar (Howard Hinnant's `days_from_civil`).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = (month + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The other way: (year, month from 1, day).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_there_and_back() {
        for text in ["1970-01-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z", "1899-12-31T12:00:00.001Z"] {
            assert_eq!(parse_date(text).map(iso_date).as_deref(), Some(text));
        }
        assert_eq!(parse_date("2024-01-02T03:04:05+02:00").map(iso_date).as_deref(), Some("2024-01-02T01:04:05.000Z"));
        assert_eq!(parse_date("2024-01-02T03:04:05"), None);
        assert_eq!(iso_date(utc(&[2024.0, 12.0, 2.0])), "2025-01-02T00:00:00.000Z");
    }
}
