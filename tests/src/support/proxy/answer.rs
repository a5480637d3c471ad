//! Answers that a proxy makes up, in the bytes of each protocol.

/// PostgreSQL: one row with one text value.
#[must_use]
pub fn postgres_value(value: Option<&str>) -> Vec<u8> {
    postgres_row(&[value])
}

/// PostgreSQL: one row of text values.
#[must_use]
pub fn postgres_row(values: &[Option<&str>]) -> Vec<u8> {
    const TEXT: u32 = 25;
    let count = u16::try_from(values.len()).unwrap_or_default().to_be_bytes();
    let (mut columns, mut row) = (count.to_vec(), count.to_vec());
    for value in values {
        columns.extend(b"answer\0");
        columns.extend([0; 6]);
        columns.extend(TEXT.to_be_bytes());
        columns.extend((-1_i16).to_be_bytes());
        columns.extend((-1_i32).to_be_bytes());
        columns.extend(0_u16.to_be_bytes());
        match value {
            Some(text) => {
                row.extend(u32::try_from(text.len()).unwrap_or_default().to_be_bytes());
                row.extend(text.as_bytes());
            }
            None => row.extend((-1_i32).to_be_bytes()),
        }
    }
    let ends = [message(b'C', b"SELECT 1\0"), message(b'Z', b"I")];
    [message(b'T', &columns), message(b'D', &row), ends.concat()].concat()
}

/// PostgreSQL: an error with its SQLSTATE.
#[must_use]
pub fn postgres_error(state: &str) -> Vec<u8> {
    let body = format!("SERROR\0VERROR\0C{state}\0Mmade up\0\0");
    [message(b'E', body.as_bytes()), message(b'Z', b"I")].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap_or_default();
    [&[kind], length.to_be_bytes().as_slice(), body].concat()
}

/// MySQL: one row of text values, for a client that does without EOF packets.
#[must_use]
pub fn mysql_row(values: &[Option<&str>]) -> Vec<u8> {
    const UTF8MB4: u16 = 45;
    const VAR_STRING: u8 = 0xFD;
    let column = || {
        let mut body: Vec<u8> = ["def", "", "", "", "answer", ""].iter().flat_map(text).collect();
        body.push(0x0C);
        body.extend(UTF8MB4.to_le_bytes());
        body.extend(1024_u32.to_le_bytes());
        body.extend([VAR_STRING, 0, 0, 0, 0, 0]);
        body
    };
    let row: Vec<u8> =
        values.iter().flat_map(|value| value.as_ref().map_or(vec![0xFB], text)).collect();
    let count = u8::try_from(values.len()).unwrap_or_default();
    let mut bodies = vec![vec![count]];
    bodies.extend(values.iter().map(|_| column()));
    bodies.push(row);
    bodies.push(vec![0xFE, 0, 0, 2, 0, 0, 0]);
    let packets = (1_u8..).zip(&bodies).map(|(number, body)| packet(number, body));
    packets.collect::<Vec<_>>().concat()
}

/// MySQL: an error with its number.
#[must_use]
pub fn mysql_error(number: u16) -> Vec<u8> {
    let number = number.to_le_bytes();
    packet(1, &[&[0xFF], &number[..], b"#42000made up"].concat())
}

fn text(text: &&str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap_or_default();
    [&[length], text.as_bytes()].concat()
}

fn packet(number: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or_default().to_le_bytes();
    [&length[..3], &[number], body].concat()
}
