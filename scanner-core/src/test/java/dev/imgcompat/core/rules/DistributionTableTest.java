package dev.imgcompat.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.rootfs.ImageFacts;
import dev.imgcompat.core.rootfs.ImageMerger;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.Layers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistributionTableTest {
  private static final RulePack PACK = RulePack.builtIn();

  private static Optional<Distribution> identify(LayerBuilder layer) {
    ImageFacts facts =
        ImageMerger.merge(ImageConfig.bare(Platform.LINUX_AMD64), List.of(Layers.facts(layer)));
    return PACK.distribution(facts, index -> Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "etc/redhat-release|CentOS release 6.8 (Final)|CentOS 6.8|rhel6",
        "etc/redhat-release|CentOS release 5.11 (Final)|CentOS 5.11|rhel5",
        "etc/redhat-release|CentOS Linux release 7.7.1908 (Core)|CentOS 7.7.1908|rhel7",
        "etc/redhat-release|Red Hat Enterprise Linux Server release 6.10 (Santiago)|Red Hat Enterprise Linux 6.10|rhel6",
        "etc/redhat-release|Scientific Linux release 6.9 (Carbon)|Scientific Linux 6.9|rhel6",
        "etc/redhat-release|Fedora release 14 (Laughlin)|Fedora 14|fedora",
        "etc/oracle-release|Oracle Linux Server release 6.10|Oracle Linux 6.10|rhel6",
        "etc/system-release|Amazon Linux AMI release 2014.03|Amazon Linux 2014.03|rhel6",
        "etc/system-release|Amazon Linux AMI release 2018.03|Amazon Linux 2018.03|amzn1",
        "etc/SuSE-release|openSUSE 11.4 (x86_64)|openSUSE 11.4|opensuse",
        "etc/lsb-release|DISTRIB_ID=Ubuntu\\nDISTRIB_RELEASE=10.04|Ubuntu 10.04|ubuntu",
        "etc/debian_version|6.0.10|Debian 6.0.10|debian",
        "etc/debian_version|wheezy/sid|Debian wheezy/sid|debian",
        "etc/mandriva-release|Mandriva Linux release 2010.1 (Official) for x86_64|Mandriva 2010.1|mandriva",
        "etc/mageia-release|Mageia release 1 (Official) for x86_64|Mageia 1|mageia",
        "etc/alpine-release|3.20.3|Alpine Linux 3.20.3|alpine",
        "etc/os-release|ID=\"amzn\"\\nVERSION_ID=\"2\"|Amazon Linux 2|amzn2",
        "usr/lib/os-release|ID=debian|Debian|debian",
      })
  void knowsReleases(String path, String text, String title, String family) {
    Distribution distribution =
        identify(new LayerBuilder().text(path, text.replace("\\n", "\n") + "\n")).orElseThrow();

    assertThat(distribution.title()).isEqualTo(title);
    assertThat(distribution.family()).isEqualTo(family);
    assertThat(distribution.source()).isEqualTo("/" + path);
  }

  @Test
  void readsThePatchLevelOfSles() {
    Distribution distribution =
        identify(
                new LayerBuilder()
                    .text(
                        "etc/SuSE-release",
                        "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 3\n"))
            .orElseThrow();

    assertThat(distribution.version()).contains("11.3");
  }

  @Test
  void followsLinks() {
    Distribution distribution =
        identify(
                new LayerBuilder()
                    .text("usr/lib/os.release.d/os-release-fedora", "ID=fedora\nVERSION_ID=40\n")
                    .link("usr/lib/os-release", "os.release.d/os-release-fedora")
                    .link("etc/os-release", "../usr/lib/os-release"))
            .orElseThrow();

    assertThat(distribution.title()).isEqualTo("Fedora 40");
    assertThat(distribution.source()).isEqualTo("/etc/os-release");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ID=nobara\\nID_LIKE=\"rhel centos fedora\"\\nVERSION_ID=9.3|rhel9",
        "ID=raspbian\\nID_LIKE=debian\\nVERSION_ID=\"7\"|debian",
        "ID=pop\\nID_LIKE=\"ubuntu debian\"\\nVERSION_ID=\"22.04\"|ubuntu",
        "ID=x\\nID_LIKE=\"unheard-of fedora\"\\nVERSION_ID=3|fedora",
        "ID=x\\nID_LIKE=unheard-of|x",
        "ID=rocky\\nID_LIKE=\"rhel centos fedora\"\\nVERSION_ID=8.9|rhel8",
        "ID=amzn\\nID_LIKE=\"centos rhel fedora\"\\nVERSION_ID=2023|amzn"
      })
  void derivativesAreOfTheFamilyThatTheyAreLike(String text, String family) {
    Distribution distribution =
        identify(new LayerBuilder().text("etc/os-release", text.replace("\\n", "\n") + "\n"))
            .orElseThrow();

    assertThat(distribution.family()).isEqualTo(family);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "etc/debian_version|6.0.10|2.11.3",
        "etc/debian_version|7.11|2.13",
        "etc/debian_version|8.1|2.19",
        "etc/debian_version|wheezy/sid|-",
        "etc/debian_version|12.1|-",
        "etc/lsb-release|DISTRIB_ID=Ubuntu\\nDISTRIB_RELEASE=11.10|2.13",
        "etc/lsb-release|DISTRIB_ID=Ubuntu\\nDISTRIB_RELEASE=12.04|-",
        "etc/SuSE-release|openSUSE 12.1 (x86_64)|2.14.1",
        "etc/SuSE-release|openSUSE 12.2 (x86_64)|-",
        "etc/fedora-release|Fedora release 14 (Laughlin)|2.13",
        "etc/fedora-release|Fedora release 16 (Verne)|2.14",
        "etc/fedora-release|Fedora release 17 (Beefy)|-",
        "etc/mageia-release|Mageia release 2 (Official)|2.14.1",
        "etc/redhat-release|CentOS release 5.11 (Final)|2.5",
        "etc/os-release|ID=raspbian\\nID_LIKE=debian\\nVERSION_ID=7|-"
      })
  void affectedReleasesCameWithAKnownGlibc(String path, String text, String glibc) {
    Distribution distribution =
        identify(new LayerBuilder().text(path, text.replace("\\n", "\n") + "\n")).orElseThrow();

    assertThat(distribution.glibc().orElse(null)).isEqualTo(glibc);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2.12-1.192.el6|RHEL family 6|rhel6",
        "2.17-260.el7_6.3|RHEL family 7|rhel7",
        "2.12-1.149.49.amzn1|Amazon Linux|rhel6",
        "2.17-222.173.amzn1|Amazon Linux|amzn1",
        "2.26-35.amzn2|Amazon Linux|amzn2",
        "2.14.90-24.fc16.9|Fedora 16|fedora"
      })
  void packagesTellWhereNoReleaseFileDoes(String version, String title, String family) {
    String packages = "\0glibc-" + version + ".src.rpm\0";

    Distribution distribution =
        identify(new LayerBuilder().text("var/lib/rpm/Packages", packages)).orElseThrow();

    assertThat(distribution.title()).isEqualTo(title);
    assertThat(distribution.family()).isEqualTo(family);
    assertThat(distribution.source()).isEqualTo("/var/lib/rpm/Packages");
    assertThat(
            identify(
                    new LayerBuilder()
                        .text("var/lib/rpm/Packages", packages)
                        .text("etc/redhat-release", "CentOS release 5.1 (Final)\n"))
                .orElseThrow()
                .family())
        .as("a release file goes first")
        .isEqualTo("rhel5");
  }

  @Test
  void aPackageWithoutATagTellsNothing() {
    assertThat(
            identify(
                new LayerBuilder()
                    .text("var/lib/rpm/Packages", "\0glibc-2.11.3-17.31.1.src.rpm\0")))
        .isEmpty();
  }

  @Test
  void aFileElsewhereTellsNothing() {
    assertThat(identify(new LayerBuilder().text("opt/chroot/etc/os-release", "ID=fedora\n")))
        .isEmpty();
  }

  @Test
  void anUnknownDistributionKeepsItsOwnName() {
    Distribution distribution =
        identify(
                new LayerBuilder()
                    .text("etc/os-release", "# x\nNAME='My OS'\nID=myos\nVERSION_ID=1\nBROKEN\n"))
            .orElseThrow();

    assertThat(distribution.title()).isEqualTo("My OS 1");
    assertThat(distribution.family()).isEqualTo("myos");
  }
}
