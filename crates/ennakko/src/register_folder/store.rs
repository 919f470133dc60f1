//! What loads leave behind: files that only their owner can read, written beside and put in place whole.
//!
//! Each load has a folder of its own under `loaded`, by number: what it read, and [`Kept`], written last. One rename makes it
//! the latest; a load that breaks off leaves `loaded/new`, which the next one clears away. The two latest stay.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::failure::RegisterFolderError;
use super::wire::{Kept, VERSION};
use super::{LOADED, SET_ASIDE};

type Result<T> = std::result::Result<T, RegisterFolderError>;

const KEPT: &str = "load.json";
const WRITTEN: &str = ".written.json";

/// A load that is kept: where, and what it has to say.
#[derive(Debug)]
pub(super) struct Earlier {
    pub(super) path: PathBuf,
    pub(super) kept: Kept,
}

impl Earlier {
    /// The folder of a source.
    pub(super) fn of(&self, source: &str) -> PathBuf {
        self.path.join(source)
    }
}

/// The loads of a folder, latest first; one if there is none before.
pub(super) fn earlier(root: &Path, nth: usize) -> Result<Option<Earlier>> {
    let Some(number) = numbers(root)?.into_iter().rev().nth(nth) else { return Ok(None) };
    let path = root.join(LOADED).join(number.to_string());
    let file = path.join(KEPT);
    let bytes = read(&file)?;
    let kept: Option<Kept> = serde_json::from_slice(&bytes).ok();
    match kept.filter(|kept| kept.version == VERSION) {
        Some(kept) => Ok(Some(Earlier { path, kept })),
        None => Err(RegisterFolderError::Kept { path: file }),
    }
}

fn numbers(root: &Path) -> Result<Vec<u64>> {
    let names = names_in(&root.join(LOADED))?;
    let mut numbers: Vec<u64> = names.iter().filter_map(|name| name.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// What stands in a folder, in order; nothing if it is not there.
#[expect(clippy::disallowed_methods, reason = "the register folder is where files are read")]
pub(super) fn names_in(folder: &Path) -> Result<Vec<String>> {
    let found = match fs::read_dir(folder) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(RegisterFolderError::unreadable(folder)(error)),
    };
    let mut names = Vec::new();
    for entry in found {
        let entry = entry.map_err(RegisterFolderError::unreadable(folder))?;
        // a name that is no text cannot be one that `register.toml` means
        names.extend(entry.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// A load while it is written. Whatever is not [put in place](Self::commit) is cleared away.
#[derive(Debug)]
pub(super) struct Stage {
    root: PathBuf,
    path: PathBuf,
    _lock: File,
}

impl Stage {
    pub(super) fn begin(root: &Path) -> Result<Self> {
        let loaded = root.join(LOADED);
        make_folder(&loaded)?;
        let lock = loaded.join("lock");
        let file = create(&lock)?;
        if file.try_lock().is_err() {
            return Err(RegisterFolderError::Busy { path: root.to_owned() });
        }
        let path = loaded.join("new");
        clear(&path)?;
        make_folder(&path)?;
        Ok(Self { root: root.to_owned(), path, _lock: file })
    }

    /// The folder of a source, made.
    pub(super) fn of(&self, source: &str) -> Result<PathBuf> {
        let path = self.path.join(source);
        make_folder(&path)?;
        Ok(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes this load the latest, and clears away all but the one before it.
    pub(super) fn commit(self, kept: &Kept) -> Result<()> {
        let file = self.path.join(KEPT);
        write(&file, |to| serde_json::to_writer(to, kept).map_err(io::Error::from))?;
        let earlier = numbers(&self.root)?;
        let number = earlier.last().map_or(1, |last| last + 1);
        let place = self.root.join(LOADED).join(number.to_string());
        fs::rename(&self.path, &place).map_err(RegisterFolderError::unwritable(&place))?;
        for old in earlier.iter().rev().skip(1) {
            clear(&self.root.join(LOADED).join(old.to_string()))?;
        }
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // what is left is cleared away by the next load
        let _ = clear(&self.path);
    }
}

/// That no set-aside file has been worked on since it was written.
pub(super) fn set_aside_untouched(root: &Path) -> Result<()> {
    let folder = root.join(SET_ASIDE);
    let names = names_in(&folder)?;
    let written: Vec<(String, String)> = match names.iter().find(|name| *name == WRITTEN) {
        None => Vec::new(),
        Some(name) => {
            let path = folder.join(name);
            serde_json::from_slice(&read(&path)?).map_err(|_| RegisterFolderError::Kept { path })?
        }
    };
    for name in names.iter().filter(|name| *name != WRITTEN) {
        let path = folder.join(name);
        let known = written.iter().find(|(known, _)| known == name);
        if known.is_none_or(|(_, sha256)| digest(&path).is_ok_and(|found| found != *sha256)) {
            return Err(RegisterFolderError::SetAsideChanged { path });
        }
    }
    Ok(())
}

/// Puts new set-aside files in the place of those of before.
pub(super) fn replace_set_aside(root: &Path, new: &Path) -> Result<()> {
    let mut written: Vec<(String, String)> = Vec::new();
    for name in names_in(new)? {
        let sha256 = digest(&new.join(&name))?;
        written.push((name, sha256));
    }
    let folder = root.join(SET_ASIDE);
    clear(&folder)?;
    if written.is_empty() {
        return Ok(());
    }
    write(&new.join(WRITTEN), |to| serde_json::to_writer(to, &written).map_err(io::Error::from))?;
    fs::rename(new, &folder).map_err(RegisterFolderError::unwritable(&folder))
}

#[expect(clippy::disallowed_methods, reason = "the register folder is where files are read")]
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(RegisterFolderError::unreadable(path))
}

#[expect(clippy::disallowed_methods, reason = "the register folder is where files are read")]
pub(super) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(RegisterFolderError::unreadable(path))
}

/// A folder that only its owner can enter.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(RegisterFolderError::unwritable(path))
}

/// A file that only its owner can read, empty.
pub(super) fn create(path: &Path) -> Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(RegisterFolderError::unwritable(path))
}

fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(RegisterFolderError::unwritable(folder)(error)),
        _ => Ok(()),
    }
}

/// Writes a file to its end, and to the disk.
pub(super) fn write(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
    let mut to = BufWriter::new(create(path)?);
    let written = fill(&mut to).and_then(|()| to.flush()).and_then(|()| to.get_ref().sync_all());
    written.map_err(RegisterFolderError::unwritable(path))
}

/// Writes a file beside, and puts it in the place of the one of before.
pub(super) fn replace(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    write(&beside, fill)?;
    fs::rename(&beside, path).map_err(RegisterFolderError::unwritable(path))
}

pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut source = open(from)?;
    let mut file = create(to)?;
    io::copy(&mut source, &mut file).map(|_| ()).map_err(RegisterFolderError::unwritable(to))
}

/// The SHA-256 of a file, in hexadecimal digits.
pub(super) fn digest(path: &Path) -> Result<String> {
    let mut source = open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 16];
    loop {
        let n = io::Read::read(&mut source, &mut buffer).map_err(RegisterFolderError::unreadable(path))?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
    }
    let hex = |byte: u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or_default());
    Ok(hash.finalize().iter().flat_map(|byte| hex(*byte)).collect())
}
