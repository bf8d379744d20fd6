//! What two lists do not have in common, each thing counted as often as it is there.

/// The things of each list that have no counterpart in the other; of several alike those of one name belong together.
pub(super) fn without_counterpart<'a, T>(
    wanted: &'a [T],
    found: &'a [T],
    is_alike: impl Fn(&T, &T) -> bool,
    has_same_name: impl Fn(&T, &T) -> bool,
) -> (Vec<&'a T>, Vec<&'a T>) {
    let mut extra: Vec<&T> = found.iter().collect();
    let mut missing: Vec<&T> = wanted.iter().collect();
    let both = |want: &T, have: &T| is_alike(want, have) && has_same_name(want, have);
    take_pairs(&mut missing, &mut extra, both);
    take_pairs(&mut missing, &mut extra, &is_alike);
    (missing, extra)
}

fn take_pairs<T>(missing: &mut Vec<&T>, extra: &mut Vec<&T>, belong: impl Fn(&T, &T) -> bool) {
    missing.retain(|want| {
        let pair = extra.iter().position(|have| belong(want, have));
        if let Some(at) = pair {
            extra.remove(at);
        }
        pair.is_none()
    });
}

#[cfg(test)]
mod tests {
    use super::without_counterpart;

    #[test]
    fn each_is_counted_as_often_as_it_is_there() {
        let (wanted, found) = (
            [(1, 'a'), (1, 'b'), (3, 'c')],
            [(1, 'b'), (2, 'd'), (2, 'd')],
        );
        let (missing, extra) =
            without_counterpart(&wanted, &found, |a, b| a.0 == b.0, |a, b| a.1 == b.1);
        assert_eq!(missing, vec![&(1, 'a'), &(3, 'c')]);
        assert_eq!(extra, vec![&(2, 'd'), &(2, 'd')]);
    }
}
