//! The least that any linter of Python has to do: reads the files named on standard input, one path a line, and
//! parses them. `scripts/bench` compares the linter's CPU time with this.

use std::io::{self, BufRead};

use ruff_python_ast::PySourceType;
use ruff_python_parser::parse_unchecked_source;

fn main() -> io::Result<()> {
    let (mut files, mut statements) = (0, 0);
    for path in io::stdin().lock().lines() {
        let bytes = std::fs::read(path?)?;
        let parsed = parse_unchecked_source(&String::from_utf8_lossy(&bytes), PySourceType::Python);
        files += 1;
        statements += parsed.syntax().body.len();
    }
    println!("{files} files, {statements} statements");
    Ok(())
}
